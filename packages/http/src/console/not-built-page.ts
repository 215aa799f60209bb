/** What a browser sees while the console was never built: the services do without it. */
export const notBuiltPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>ocpp-csms: the console is not built</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 10vh auto; padding: 0 1.5rem; }
      code { font-family: ui-monospace, monospace; }
      pre { padding: 0.75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; overflow: auto; }
    </style>
  </head>
  <body>
    <h1>The web console is not built</h1>
    <p>The system runs, charge points are served, and the API answers. Only the pages are missing here. Build them in the folder of the program:</p>
    <pre><code>npm run build -w apps/console</code></pre>
    <p>Then reload this page; nothing has to be started again. <code>npm start</code> builds them by itself.</p>
    <p>Until then: the <a href="/docs">API documentation</a>.</p>
  </body>
</html>
`;
