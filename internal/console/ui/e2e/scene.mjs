// What the journey looks at: state machines, a function and a bucket.

export const arn = (kind, name) => `arn:aws:states:us-east-1:123456789012:${kind}:${name}`;

const lambda = (name) => ({ Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: name, 'Payload.$': '$' }, ResultPath: '$.paid', Type: 'Task' });

const order = {
  StartAt: 'Validate order',
  States: {
    'Validate order': { Type: 'Pass', Next: 'Needs review?' },
    'Needs review?': { Type: 'Choice', Choices: [{ Variable: '$.total', NumericGreaterThan: 5000, Next: 'Manual review' }], Default: 'Fulfil' },
    'Manual review': { Type: 'Wait', Seconds: 1, Next: 'Fulfil' },
    Fulfil: {
      Type: 'Parallel',
      ResultPath: '$.parts',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Refund' }],
      Next: 'Ship parcel',
      Branches: [
        {
          StartAt: 'Charge card',
          States: {
            'Charge card': { ...lambda('charge-card'), Retry: [{ ErrorEquals: ['Gateway.Busy'], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 1.5 }], Next: 'Book revenue' },
            'Book revenue': { Type: 'Pass', End: true },
          },
        },
        {
          StartAt: 'Reserve each line',
          States: {
            'Reserve each line': {
              Type: 'Map', ItemsPath: '$.lines', MaxConcurrency: 3, End: true,
              ItemProcessor: {
                StartAt: 'Reserve stock',
                States: {
                  'Reserve stock': { Type: 'Wait', Seconds: 1, Next: 'In stock?' },
                  'In stock?': { Type: 'Choice', Choices: [{ Variable: '$.qty', NumericGreaterThan: 1, Next: 'Reserved' }], Default: 'Wait for restock' },
                  'Wait for restock': { Type: 'Wait', Seconds: 2, Next: 'Reserved' },
                  Reserved: { Type: 'Succeed' },
                },
              },
            },
          },
        },
      ],
    },
    'Ship parcel': { Type: 'Wait', SecondsPath: '$.shipping', Next: 'Done' },
    Refund: { Type: 'Pass', Next: 'Order failed' },
    'Order failed': { Type: 'Fail', Error: 'Order.Refused', Cause: 'The card was refused.' },
    Done: { Type: 'Succeed' },
  },
};

const photos = {
  StartAt: 'Resize each photo',
  States: {
    'Resize each photo': {
      Type: 'Map', Label: 'Resize', MaxConcurrency: 40, ToleratedFailurePercentage: 50, End: true,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Look',
        States: {
          Look: { Type: 'Wait', Seconds: 1, Next: 'Broken?' },
          'Broken?': { Type: 'Choice', Choices: [{ Variable: '$.bad', BooleanEquals: true, Next: 'Corrupt' }], Default: 'Resized' },
          Corrupt: { Type: 'Fail', Error: 'Image.Corrupt', Cause: 'unexpected end of JPEG data' },
          Resized: { Type: 'Succeed' },
        },
      },
    },
  },
};

const counting = {
  StartAt: 'Each number',
  States: {
    'Each number': {
      Type: 'Map', MaxConcurrency: 0, End: true,
      ItemProcessor: { StartAt: 'Count', States: { Count: { Type: 'Pass', End: true } } },
    },
  },
};

const hello = { StartAt: 'Hello', States: { Hello: { Type: 'Pass', Result: { hello: 'world' }, End: true } } };

export const machines = [
  ['order-fulfilment', order], ['photo-ingest', photos], ['count-up', counting], ['hello', hello], ['greeting', hello, 'EXPRESS'],
];

export const orderInput = (over = {}) => ({
  orderId: '88412', total: 6249.5, express: true, shipping: 2, customer: { id: 'c-2291', tier: 'gold' },
  lines: [{ sku: 'A-100', qty: 2 }, { sku: 'B-007', qty: 1 }, { sku: 'C-310', qty: 4 }, { sku: 'D-221', qty: 1 }, { sku: 'E-005', qty: 2 }],
  failures: 2, ...over,
});

/** The function fails as often as its input says, counted by order. */
export const files = {
  'functions/charge-card/handler.py': `import time
tries = {}
class Busy(Exception):
    pass
Busy.__name__ = "Gateway.Busy"
class Refused(Exception):
    pass
Refused.__name__ = "Card.Refused"
def lambda_handler(event, context):
    order = event["orderId"]
    tries[order] = tries.get(order, 0) + 1
    print("charging order", order, "attempt", tries[order])
    time.sleep(0.3)
    if event.get("refuse"):
        raise Refused("The bank refused the card.")
    if tries[order] <= event.get("failures", 0):
        raise Busy("Upstream returned 503: acquirer capacity exceeded")
    return {"charged": event["total"]}
`,
};
