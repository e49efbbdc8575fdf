// Writes sqlite.sql, postgresql.sql and mysql.sql: the tables as the original makes them.
//
//   npm install better-auth@1.7.24 better-sqlite3 pg mysql2 && node make_schemas.mjs
//
// Needs an empty PostgreSQL and an empty MySQL or MariaDB database, named by the
// environment variables POSTGRESQL_URL and MYSQL_URL.

import { writeFileSync } from "node:fs";
import { getMigrations } from "better-auth/db/migration";
import Database from "better-sqlite3";
import { createPool } from "mysql2/promise";
import pg from "pg";

const postgresql = new pg.Pool({ connectionString: process.env.POSTGRESQL_URL });
const mysql = createPool(process.env.MYSQL_URL);
const databases = { sqlite: new Database(":memory:"), postgresql, mysql };

for (const [name, database] of Object.entries(databases)) {
  const { compileMigrations } = await getMigrations({ database });
  const sql = await compileMigrations();
  writeFileSync(new URL(`${name}.sql`, import.meta.url), `${sql}\n`);
}
await postgresql.end();
await mysql.end();
