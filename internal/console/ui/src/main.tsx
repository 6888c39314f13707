import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { applyTheme, readTheme } from './parts/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/pages.css';
import './styles/graph.css';

applyTheme(readTheme());
const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
