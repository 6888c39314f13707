import { type ReactNode, useEffect, useState } from 'react';
import { address } from './api/client';
import { useLoad } from './api/load';
import { Execution } from './executions/Execution';
import { Executions } from './executions/Executions';
import { FunctionLog, Functions } from './functions/Functions';
import { Machine } from './machines/Machine';
import { Overview } from './machines/Overview';
import { MapRunPage } from './maprun/MapRunPage';
import { Icon, type IconName } from './parts/Icon';
import { JumpBox } from './parts/JumpBox';
import { Link, usePath } from './parts/navigation';
import { base, machinePath, pathOf, readRoute, type Route } from './parts/route';
import { Problem } from './parts/states';
import { nextTheme, readTheme, setTheme } from './parts/theme';

interface Info {
  arnPrefix: string;
  version: string;
}

export function App(): ReactNode {
  const path = usePath();
  const route = readRoute(path);
  const { data: info, error, reload } = useLoad<Info>(address('info'));
  const crumbs = crumbsOf(route);
  const title = crumbs.at(-1)?.label ?? 'Overview';
  useEffect(() => {
    document.title = `${title} · Pawl`;
  }, [title]);
  return (
    <div className="shell">
      <a className="skip" href="#content">Skip to the content</a>
      <Rail route={route} version={info?.version ?? ''} />
      <header className="top">
        <nav aria-label="Where you are">
          <ol>
            {crumbs.map(({ label, to }, i) => (
              <li key={i}>{i > 0 && <Icon name="right" size={13} />}{to && i < crumbs.length - 1 ? <Link to={to}>{label}</Link> : <span aria-current={i === crumbs.length - 1 ? 'page' : undefined}>{label}</span>}</li>
            ))}
          </ol>
        </nav>
        <JumpBox />
        <ThemeButton />
      </header>
      <div id="content" className="content" tabIndex={-1} key={path}>
        {error && !info ? <main className="page"><Problem error={error} retry={reload} /></main> : info && <Page route={route} prefix={info.arnPrefix} />}
      </div>
    </div>
  );
}

function Page({ route, prefix }: { route: Route; prefix: string }): ReactNode {
  switch (route.page) {
    case 'overview': return <Overview />;
    case 'machine': return <Machine name={route.name} />;
    case 'executions': return <Executions />;
    case 'execution': return <Execution arn={prefix + route.arnTail} />;
    case 'mapRun': return <MapRunPage arn={prefix + route.arnTail} />;
    case 'functions': return <Functions />;
    case 'function': return <FunctionLog name={route.name} />;
    case 'unknown': return (
      <main className="page"><div className="problem"><strong>Not found</strong><p>The console has no such page.</p><Link to={`${base}/`} className="button">To the overview</Link></div></main>
    );
  }
}

interface Crumb {
  label: string;
  to?: string;
}

function crumbsOf(route: Route): Crumb[] {
  switch (route.page) {
    case 'overview': return [{ label: 'Overview' }];
    case 'machine': return [{ label: 'State machines', to: `${base}/` }, { label: route.name }];
    case 'executions': return [{ label: 'Executions' }];
    case 'functions': return [{ label: 'Functions' }];
    case 'function': return [{ label: 'Functions', to: `${base}/functions` }, { label: route.name }];
    case 'execution': case 'mapRun': {
      const [, owner = '', ...name] = route.arnTail.split(':');
      const [machine = '', label] = owner.split('/');
      const last = route.page === 'mapRun' ? (label ?? '') : name.join(':');
      return [{ label: 'State machines', to: `${base}/` }, { label: machine, to: machinePath(machine) }, ...(route.page === 'execution' && label ? [{ label }] : []), { label: last }];
    }
    case 'unknown': return [{ label: 'Not found' }];
  }
}

const places: { to: string; label: string; icon: IconName; pages: Route['page'][] }[] = [
  { to: `${base}/`, label: 'Overview', icon: 'overview', pages: ['overview', 'machine'] },
  { to: `${base}/executions`, label: 'Executions', icon: 'executions', pages: ['executions', 'execution', 'mapRun'] },
  { to: `${base}/functions`, label: 'Functions', icon: 'functions', pages: ['functions', 'function'] },
];

function Rail({ route, version }: { route: Route; version: string }): ReactNode {
  return (
    <nav className="rail" aria-label="Pages">
      <Link to={`${base}/`} className="logo" aria-label="Pawl" title={`Pawl ${version}`}><img src={`${base}/favicon.svg`} width={30} height={30} alt="" /></Link>
      {places.map(({ to, label, icon, pages }) => (
        <Link key={to} to={to} title={label} aria-label={label} aria-current={pages.includes(route.page) ? 'page' : undefined}><Icon name={icon} size={19} /></Link>
      ))}
    </nav>
  );
}

const themeIcons = { system: 'auto', light: 'sun', dark: 'moon' } as const;

function ThemeButton(): ReactNode {
  const [theme, choose] = useState(readTheme);
  const change = (): void => {
    const next = nextTheme(theme);
    setTheme(next);
    choose(next);
  };
  return (
    <button type="button" className="icon-button" onClick={change} aria-label={`Theme: ${theme}. Change it`} title={`Theme: ${theme}`}>
      <Icon name={themeIcons[theme]} size={18} />
    </button>
  );
}

// An address of a pasted ARN becomes that of its page.
const pasted = /^\/console\/arn\/(.+)$/.exec(location.pathname)?.[1];
if (pasted) history.replaceState(null, '', pathOf(decodeURIComponent(pasted)) ?? `${base}/`);
