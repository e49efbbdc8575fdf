// The original on Node: better-auth with better-sqlite3 on a file, behind node:http.
// Usage: node original.mjs '{"modules", "port", "database", "secret", "cookieCache", "cacheSeconds"}'
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const settings = JSON.parse(process.argv[2]);

// The packages live beside the client's tests, not beside this file.
const require = createRequire(settings.modules);
const load = (name) => import(pathToFileURL(require.resolve(name)));

const { betterAuth } = await load("better-auth");
const { getMigrations } = await load("better-auth/db/migration");
const { fromNodeHeaders, toNodeHandler } = await load("better-auth/node");
const { default: Database } = await load("better-sqlite3");

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${settings.port}`,
  secret: settings.secret,
  database: new Database(settings.database),
  emailAndPassword: { enabled: true },
  session: {
    cookieCache: { enabled: settings.cookieCache, maxAge: settings.cacheSeconds },
  },
  rateLimit: { enabled: false },
  logger: { disabled: true },
  telemetry: { enabled: false },
});
await (await getMigrations(auth.options)).runMigrations();

const handler = toNodeHandler(auth);

const protectedRoute = async (request, response) => {
  const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  if (found === null) {
    response.writeHead(401).end();
  } else {
    response.end(`Hello, ${found.user.name}!`);
  }
};

createServer((request, response) => {
  if (request.url === "/") {
    response.end(settings.greeting);
  } else if (request.url === "/protected") {
    protectedRoute(request, response);
  } else {
    handler(request, response);
  }
}).listen(settings.port, "127.0.0.1");
