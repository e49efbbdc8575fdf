// The original on Node, for comparison: one server per configuration, all in one process.
//
// ORIGINAL_CONFIGURATIONS is a JSON list of {options, database, cheap}: `options` as
// betterAuth takes them (camelCase), `database` a SQLite file or ":memory:", `cheap` true
// where passwords may be stored as they are, to save time. Prints one line
// `ready <port> <port> …`, in the order of the list, and ends when its stdin does.

import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";

if (["test", "production"].includes(process.env.NODE_ENV) || process.env.TEST) {
  throw new Error("NODE_ENV must be unset: under test the original checks no origins");
}

const unhashed = {
  hash: async (password) => `unhashed ${password}`,
  verify: async ({ hash, password }) => hash === `unhashed ${password}`,
};

async function serve({ options, database, cheap }) {
  const file = new Database(database);
  file.pragma("synchronous = OFF");
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    logger: { disabled: true },
    ...options,
    emailAndPassword: { ...options.emailAndPassword, ...(cheap ? { password: unhashed } : {}) },
    database: file,
  });
  await (await getMigrations(auth.options)).runMigrations();
  const server = createServer(toNodeHandler(auth));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

const configurations = JSON.parse(process.env.ORIGINAL_CONFIGURATIONS);
const ports = await Promise.all(configurations.map(serve));
process.stdout.write(`ready ${ports.join(" ")}\n`);
process.stdin.resume().on("end", () => process.exit(0));
