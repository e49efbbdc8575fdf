// Writes ../vectors/*.json: values made, and judged, by the original.
//
//   npm install && node make_vectors.mjs
//
// Nothing in a vector is computed here by hand: every good value comes out of the
// original's own functions, every verdict out of the original's own server. The clock
// stands still at `now_ms`, so a reader freezes its clock there too.
//
// signed_cookies.json
//   secret, cases[]: name; cookie = the text after `name=` in a Cookie header;
//   value = what was signed (null when nothing good was); accepted; result = the value
//   the original reads out of it, or null. In good cases `cookie` is byte for byte what
//   the original sets.
// cookie_cache.json
//   now_ms, secret, cases[]: name, strategy ("compact" | "jwt" | "jwe");
//   session_token = its token and the signed cookie text; session_data = the cookie text;
//   accepted = the original answered GET /get-session from it without any database row;
//   answer = that answer's JSON, or null; status = the answer's status (a few broken
//   values make the original answer 500: `accepted` is false for these too).
//   Written (not tampered) cases carry `written`: payload (key order matters),
//   expires_at (ms), max_age (s) and, for compact, signed_text = the text under the MAC.
// password_hashes.json
//   cases[]: name, password, hash, accepted, raises = the original throws instead of
//   answering. Lone surrogates stand in `password` as \ud800 escapes.

import { mkdirSync, writeFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { mock } from "node:test";
import { betterAuth } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { memoryAdapter } from "better-auth/adapters/memory";
import { setCookieCache } from "better-auth/cookies";
import { hashPassword, verifyPassword } from "better-auth/crypto";

const NOW = Date.parse("2030-01-01T00:00:00.000Z");
const SECRET = "a-very-secret-secret-0123456789-ABCDEFGH";
const OTHER_SECRET = "another-secret-secret-9876543210-HGFEDCBA";
const TOKEN = "u05EWnVkZ39duFt1aWKXDt4RRkSkj2zz";
const BASE = "http://localhost:3000/api/auth";

mock.timers.enable({ apis: ["Date"], now: NOW });

// A server with a store (so it is stateful) that holds no row at all, and one more
// endpoint that says what a signed cookie contains or makes one.
function server(session = {}, secret = SECRET) {
  return betterAuth({
    baseURL: "http://localhost:3000",
    secret,
    logger: { disabled: true },
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    session,
    plugins: [
      {
        id: "probe",
        endpoints: {
          read: createAuthEndpoint("/probe/read", { method: "GET" }, async (ctx) =>
            ctx.json({ value: await ctx.getSignedCookie("probe", ctx.context.secret) }),
          ),
          write: createAuthEndpoint("/probe/write", { method: "POST" }, async (ctx) => {
            await ctx.setSignedCookie("probe", ctx.body.value, ctx.context.secret, {});
            return ctx.json(null);
          }),
        },
      },
    ],
  });
}

const signer = server();
const foreign = server({}, OTHER_SECRET);

async function sign(value, auth = signer) {
  const answer = await auth.handler(
    new Request(`${BASE}/probe/write`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ value }),
    }),
  );
  return answer.headers.getSetCookie()[0].slice("probe=".length).split(";")[0];
}

async function readSigned(cookie) {
  const answer = await signer.handler(
    new Request(`${BASE}/probe/read`, { headers: { cookie: `probe=${cookie}` } }),
  );
  return (await answer.json()).value || null;
}

async function signedCookies() {
  const cases = [];
  const add = async (name, cookie, value = null) => {
    const result = await readSigned(cookie);
    cases.push({ name, value, cookie, accepted: result !== null, result });
  };
  const good = async (name, value) => add(name, await sign(value), value);
  await good("session token", TOKEN);
  await good("the word true", "true");
  await good("one character", "a");
  await good("dots in the value", "a.b.c");
  await good("ends in a dot", "abc.");
  await good("non-ASCII", "Zoë – 日本 😀");
  await good("percent, plus and space", "100% a+b c");
  await good("semicolon, comma, equals and quotes", 'a;b,c=d"e"');
  await good("unreserved punctuation", "-_.!~*'()");

  const wire = await sign(TOKEN);
  const plain = decodeURIComponent(wire);
  const [value, mac] = [TOKEN, plain.slice(TOKEN.length + 1)];
  const swap = (text, at, to) => text.slice(0, at) + to + text.slice(at + 1);
  await add("not percent-encoded", plain);
  await add("within double quotes", `"${wire}"`);
  await add("lower case percent escapes",
    wire.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()));
  await add("every character percent-encoded", [...plain]
    .map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""));
  await add("surrounded by spaces", `  ${wire}  `);

  await add("tampered value", `X${wire.slice(1)}`);
  await add("value with another letter case", wire.replace("u05E", "U05E"));
  await add("tampered signature", encodeURIComponent(
    `${value}.${swap(mac, 0, mac[0] === "A" ? "B" : "A")}`));
  await add("signature's unused bits set", encodeURIComponent(
    `${value}.${swap(mac, 42, "BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(mac[42])])}`));
  await add("signature of another value", encodeURIComponent(
    `${value}.${decodeURIComponent(await sign("true")).slice(5)}`));
  await add("wrong secret", await sign(TOKEN, foreign));
  await add("truncated by one character", encodeURIComponent(plain.slice(0, -1)));
  await add("truncated by two characters", encodeURIComponent(plain.slice(0, -2)));
  await add("truncated in the middle of an escape", wire.slice(0, -1));
  await add("truncated to the value and its dot", `${value}.`);
  await add("value alone, no dot", value);
  await add("signature alone, no dot", encodeURIComponent(mac));
  await add("dot and signature alone", encodeURIComponent(
    `.${createHmac("sha256", SECRET).update("").digest("base64")}`));
  await add("empty", "");
  await add("url-safe alphabet", encodeURIComponent(
    `${value}.${mac.replaceAll("+", "-").replaceAll("/", "_")}`));
  await add("url-safe alphabet without padding", encodeURIComponent(
    `${value}.${mac.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")}`));
  await add("hexadecimal signature", `${value}.${
    createHmac("sha256", SECRET).update(value).digest("hex")}`);
  await add("two padding characters", encodeURIComponent(`${plain}=`));
  await add("44 characters that are not base64", encodeURIComponent(
    `${value}.${"*".repeat(43)}=`));
  await add("44 characters of padding", encodeURIComponent(`${value}.${"=".repeat(44)}`));
  await add("44 characters in the last of which no padding", encodeURIComponent(
    `${value}.${mac.slice(0, 43)}A`));
  await add("plus signs decoded to spaces", encodeURIComponent(
    `${value}.${mac.replaceAll("+", " ")}`));
  await add("signed twice", encodeURIComponent(`${plain}.${mac}`));
  await add("a dot too many", encodeURIComponent(`${value}..${mac}`));
  await add("percent-encoded twice", encodeURIComponent(wire));
  await add("malformed percent escape", `%zz${wire}`);
  await add("newline at the end of the value", encodeURIComponent(`${value}\n.${mac}`));
  return { secret: SECRET, cases };
}

const user = (change = {}) => ({
  name: "Ada Lovelace",
  email: "ada@example.com",
  emailVerified: false,
  image: null,
  createdAt: new Date("2029-12-01T10:00:00.120Z"),
  updatedAt: new Date("2029-12-01T10:00:00.000Z"),
  id: "user1",
  ...change,
});

const session = (change = {}) => ({
  expiresAt: new Date("2030-01-08T00:00:00.000Z"),
  token: TOKEN,
  createdAt: new Date("2030-01-01T00:00:00.000Z"),
  updatedAt: new Date("2030-01-01T00:00:00.000Z"),
  ipAddress: "",
  userAgent: "",
  userId: "user1",
  id: "sess1",
  ...change,
});

// The original's own writer, given just enough of a request to write into.
async function writeCache(view, { strategy = "compact", secret = SECRET, maxAge = 300,
  version, dontRemember = false, at = NOW } = {}) {
  mock.timers.setTime(at);
  const jar = [];
  const name = "better-auth.session_data";
  const attributes = { path: "/", httpOnly: true, sameSite: "lax", maxAge };
  await setCookieCache(
    {
      headers: new Headers(),
      setCookie: (key, value, options) => jar.push({ key, value, options }),
      context: {
        options: { session: { cookieCache: { enabled: true, strategy, version } } },
        authCookies: { sessionData: { name, attributes } },
        secret,
        secretConfig: secret,
        sessionConfig: {},
        logger: console,
      },
    },
    view,
    dontRemember,
  );
  mock.timers.setTime(NOW);
  if (jar.length !== 1) throw new Error(`expected one cookie, got ${jar.length}`);
  return jar[0];
}

const unpack = (text) => JSON.parse(Buffer.from(text, "base64url").toString());
const pack = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function cookieCaches() {
  const cases = [];
  const readers = new Map();
  const judge = async (strategy, token, data, version) => {
    const key = `${strategy} ${version}`;
    if (!readers.has(key)) {
      readers.set(key, server({ cookieCache: { enabled: true, strategy, version } }));
    }
    const cookie = `better-auth.session_token=${token}; better-auth.session_data=${data}`;
    const answer = await readers.get(key).handler(
      new Request(`${BASE}/get-session`, { headers: { cookie } }),
    );
    return { status: answer.status, answer: await answer.json() };
  };
  const add = async (name, data, { strategy = "compact", token = TOKEN, version,
    written } = {}) => {
    const cookie = await sign(token);
    const { status, answer } = await judge(strategy, cookie, data, version);
    const accepted = status === 200 && answer !== null;
    cases.push({
      name,
      strategy,
      version: version ?? "1",
      session_token: { token, cookie },
      session_data: data,
      accepted,
      status,
      answer: accepted ? answer : null,
      ...(written ? { written } : {}),
    });
    return data;
  };
  const write = async (name, view, options = {}) => {
    const { value, options: attributes } = await writeCache(view, options);
    const written = { max_age: attributes.maxAge ?? null };
    if ((options.strategy ?? "compact") === "compact") {
      const { session: payload, expiresAt } = unpack(value);
      Object.assign(written, {
        payload,
        expires_at: expiresAt,
        signed_text: JSON.stringify({ ...payload, expiresAt }),
      });
    } else {
      // JSON is what the encoders put inside; `updatedAt` and `version` are the writer's.
      const payload = { ...view, updatedAt: options.at ?? NOW, version: options.version ?? "1" };
      const lifetime = attributes.maxAge ?? 300;
      Object.assign(written, {
        payload: JSON.parse(JSON.stringify(payload)),
        expires_at: (options.at ?? NOW) + lifetime * 1000,
      });
    }
    return add(name, value, { ...options, written });
  };
  const view = (userChange, sessionChange) => ({
    session: session(sessionChange),
    user: user(userChange),
  });

  const good = await write("plain", view());
  await write("null image", view({ image: null }));
  await write("image address", view({ image: "https://ex.com/a.png?x=1&y=<2>" }));
  await write("empty strings", view({ name: "", image: "" }));
  await write("accents and CJK", view({ name: "Zoë Đặng 日本語 ✓" }));
  await write("emoji outside the basic plane", view({ name: "👩‍👩‍👧 😀" }));
  await write("quotes and backslashes", view({ name: `"O'Neil" \\ / <b>&amp;</b>` }));
  await write("newlines and tabs", view({ name: "a\nb\rc\td\be\ff" }));
  await write("control characters", view({ name: "\u0000\u0001\u001f\u007f\u0080" }));
  await write("line and paragraph separators", view({ name: "a\u2028b\u2029c\ufeffd" }));
  await write("decomposed accents stay as they are", view({ name: "Zoe\u0308" }));
  await write("lone surrogates", view({ name: "a\ud800b\udc00" }));
  await write("user agent and address", view({}, {
    ipAddress: "2001:0db8:0000:0000:0000:0000:0000:0000",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" Zoë",
  }));
  await write("null address and user agent", view({}, { ipAddress: null, userAgent: null }));
  await write("verified", view({ emailVerified: true }));
  await write("numbers in unknown fields", view({
    whole: 7, half: 0.5, big: 9007199254740991, huge: 1e21, tiny: 1e-7, minus: -0, neg: -1.25,
  }));
  await write("lists and objects in unknown fields", view({
    tags: ["a", "é", null, true, { k: [] }], meta: { b: 1, a: { "ключ": "ü" } },
  }));
  await write("a date in an unknown field", view({
    birthday: new Date("1815-12-10T00:00:00.007Z"),
  }));
  await write("keys that look like numbers", view({ zeta: 1, 2: "two", 10: "ten", 1: "one" }));
  await write("another version", view(), { version: "2" });
  await write("longest lifetime", view({}, { expiresAt: new Date("2031-01-01T00:00:00.000Z") }),
    { maxAge: 34560000 });
  await write("not remembered", view(), { dontRemember: true });
  await write("last millisecond of the window", view(), { at: NOW - 300_000 });
  await write("session ends this very millisecond", view({}, { expiresAt: new Date(NOW) }));
  await write("mixed case address is read in lower case", view({ email: "Ada@Example.com" }));

  await add("padded base64", `${good}${"=".repeat((4 - (good.length % 4)) % 4)}`);
  await add("percent-encoded", [...good.slice(0, 3)]
    .map((c) => `%${c.charCodeAt(0).toString(16)}`).join("") + good.slice(3));
  await add("within double quotes", `"${good}"`);
  const accent = (await writeCache(view({ name: "????>>>>~~~~ÿÿÿÿ" }))).value;
  await add("standard alphabet outside",
    accent.replaceAll("-", "+").replaceAll("_", "/"));
  const reordered = unpack(good);
  await add("outer keys in another order", pack({
    signature: reordered.signature,
    expiresAt: reordered.expiresAt,
    session: reordered.session,
  }));
  await add("an unknown outer key", pack({ ...reordered, extra: 1 }));
  await add("white space in the JSON text",
    Buffer.from(JSON.stringify(reordered, null, 2)).toString("base64url"));
  await add("non-ASCII written as escapes", Buffer.from(JSON.stringify(
    unpack((await writeCache(view({ name: "Zoë" }))).value),
  ).replace("ë", "\\u00eb")).toString("base64url"));
  const sigIn = (signature) => pack({ ...reordered, signature });
  const std = reordered.signature.replaceAll("-", "+").replaceAll("_", "/");
  await add("standard alphabet in the signature", sigIn(std));
  await add("padded signature", sigIn(`${std}=`));

  await write("window over by one millisecond", view(), { at: NOW - 300_001 });
  await write("not remembered, 61 seconds old", view(), { dontRemember: true, at: NOW - 61_000 });
  await write("session over by one millisecond", view({}, { expiresAt: new Date(NOW - 1) }));
  await write("written for another session token", view({}, { token: "another-token" }));
  await write("written under the wrong secret", view(), { secret: OTHER_SECRET });
  await write("name that reads as a date", view({ name: "2030-01-01T00:00:00Z" }));
  await write("name that reads as a date of three digits", view({
    name: "2030-01-01T00:00:00.000Z",
  }));
  await write("null name", view({ name: null }));
  await write("no user", { session: session(), user: null });
  const old = (await writeCache(view(), { version: "1" })).value;
  await add("the version of yesterday", old, { version: "2" });

  const change = (edit) => {
    const copy = structuredClone(reordered);
    edit(copy);
    return pack(copy);
  };
  await add("tampered name", change((c) => { c.session.user.name = "Eve"; }));
  await add("tampered user id", change((c) => { c.session.session.userId = "user2"; }));
  await add("tampered e-mail verification", change((c) => {
    c.session.user.emailVerified = true;
  }));
  await add("tampered session expiry", change((c) => {
    c.session.session.expiresAt = "2031-01-08T00:00:00.000Z";
  }));
  await add("tampered window", change((c) => { c.expiresAt += 1; }));
  await add("added key", change((c) => { c.session.user.role = "admin"; }));
  await add("removed key", change((c) => { delete c.session.user.image; }));
  await add("inner keys in another order", change((c) => {
    const { id, ...rest } = c.session.user;
    c.session.user = { id, ...rest };
  }));
  await add("dates of six digits", change((c) => {
    c.session.user.createdAt = "2029-12-01T10:00:00.120000Z";
  }));
  await add("dates with an offset", change((c) => {
    c.session.user.createdAt = "2029-12-01T10:00:00.120+00:00";
  }));
  const sig = reordered.signature;
  await add("tampered signature", sigIn((sig[0] === "A" ? "B" : "A") + sig.slice(1)));
  await add("truncated signature", sigIn(sig.slice(0, -1)));
  await add("empty signature", sigIn(""));
  await add("no signature", change((c) => { delete c.signature; }));
  await add("null signature", sigIn(null));
  await add("no window", change((c) => { delete c.expiresAt; }));
  await add("window as text", change((c) => { c.expiresAt = String(c.expiresAt); }));
  await add("session is a list", change((c) => { c.session = [c.session]; }));
  await add("truncated by one character", good.slice(0, -1));
  await add("truncated by half", good.slice(0, good.length / 2));
  await add("one character more", `${good}A`);
  await add("empty object", pack({}));
  await add("null", pack(null));
  await add("a string", pack("x"));
  await add("a number", pack(1));
  await add("not JSON", Buffer.from("{nope").toString("base64url"));
  await add("not UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x7d]).toString("base64url"));
  await add("not base64", "***");
  await add("a point in base64", `${good.slice(0, 8)}.${good.slice(8)}`);
  await add("both alphabets mixed", `+-${good}`);
  await add("empty", "");
  await add("the signed session token instead", await sign(TOKEN));

  for (const strategy of ["jwt", "jwe"]) {
    const token = await write(`${strategy}: plain`, view(), { strategy });
    await write(`${strategy}: accents, quotes, newlines`,
      view({ name: `Zoë "q" \\ \n \u2028 😀`, image: "" }), { strategy });
    await write(`${strategy}: last second`, view(), { strategy, at: NOW - 299_000 });
    await write(`${strategy}: expired a minute ago`, view(), { strategy, at: NOW - 360_000 });
    await write(`${strategy}: session over`, view({}, { expiresAt: new Date(NOW - 1) }),
      { strategy });
    await write(`${strategy}: wrong secret`, view(), { strategy, secret: OTHER_SECRET });
    await write(`${strategy}: another session token`, view({}, { token: "another-token" }),
      { strategy });
    const parts = token.split(".");
    const middle = strategy === "jwt" ? 1 : 3;
    const bent = parts.with(middle, (parts[middle][9] === "A" ? "B" : "A")
      .padStart(10, parts[middle].slice(0, 9)) + parts[middle].slice(10));
    await add(`${strategy}: tampered payload`, bent.join("."), { strategy });
    const last = parts.length - 1;
    await add(`${strategy}: tampered signature or tag`, parts.with(last,
      (parts[last][0] === "A" ? "B" : "A") + parts[last].slice(1)).join("."), { strategy });
    await add(`${strategy}: truncated`, token.slice(0, -2), { strategy });
    await add(`${strategy}: a part missing`, parts.slice(0, -1).join("."), { strategy });
    await add(`${strategy}: a compact cookie instead`, good, { strategy });
  }
  const jwt = cases.find((c) => c.name === "jwt: plain").session_data.split(".");
  await add("jwt: algorithm none", `${pack({ alg: "none" })}.${jwt[1]}.`, { strategy: "jwt" });
  const stronger = `${pack({ alg: "HS512" })}.${jwt[1]}`;
  await add("jwt: HS512 under the same secret", `${stronger}.${
    createHmac("sha512", SECRET).update(stronger).digest("base64url")}`, { strategy: "jwt" });
  await add("compact: a jwt instead", jwt.join("."));
  return { now_ms: NOW, secret: SECRET, cases };
}

async function passwordHashes() {
  const cases = [];
  const add = async (name, password, hash) => {
    let accepted = false;
    let raises = false;
    try {
      accepted = await verifyPassword({ hash, password });
    } catch {
      raises = true;
    }
    cases.push({ name, password, hash, accepted, raises });
  };
  const made = new Map();
  const good = async (name, password) => {
    const hash = await hashPassword(password);
    made.set(name, { password, hash });
    await add(name, password, hash);
  };
  await good("plain", "password123");
  await good("eight spaces", "        ");
  await good("empty", "");
  await good("precomposed accents", "p\u00e4ssw\u00f6rd-\u00e9");
  await good("ligature", "ﬁve-ofﬁces");
  await good("full width", "ｐａｓｓｗｏｒｄ１");
  await good("Hangul syllables", "비밀번호비밀번호");
  await good("compatibility squares", "㎏㎜①②③ℌ⁵");
  await good("emoji", "🔑🔑🔑🔑👩‍👩‍👧");
  await good("Cyrillic", "пароль-пароль");
  await good("control characters", "a\u0000b\nc\td\u007f");
  await good("lone surrogate", "pass\ud800word");
  await good("128 characters", "0123456789abcdef".repeat(8));
  await good("ten thousand characters", "x".repeat(10_000));

  const hashOf = (name) => made.get(name).hash;
  const { hash } = made.get("plain");
  const [salt, key] = hash.split(":");
  const flip = (text) => (text[0] === "0" ? "1" : "0") + text.slice(1);
  await add("decomposed accents match precomposed", "pa\u0308sswo\u0308rd-e\u0301",
    hashOf("precomposed accents"));
  await add("letters match the ligature", "five-offices", hashOf("ligature"));
  await add("ASCII matches full width", "password1", hashOf("full width"));
  await add("jamo match syllables", "비밀번호비밀번호".normalize("NFD"), hashOf("Hangul syllables"));
  await add("plain letters match squares", "kgmm123H5", hashOf("compatibility squares"));
  await add("replacement character matches a lone surrogate", "pass\ufffdword",
    hashOf("lone surrogate"));
  await add("a third part is ignored", "password123", `${hash}:more`);

  await add("wrong password", "password124", hash);
  await add("other letter case", "Password123", hash);
  await add("space at the end", "password123 ", hash);
  await add("NUL at the end", "password123\u0000", hash);
  await add("empty password", "", hash);
  await add("base letters do not match accents", "passwort-e", hashOf("precomposed accents"));
  await add("tampered salt", "password123", `${flip(salt)}:${key}`);
  await add("tampered key", "password123", `${salt}:${flip(key)}`);
  await add("upper case key", "password123", `${salt}:${key.toUpperCase()}`);
  await add("upper case salt", "password123", `${salt.toUpperCase()}:${key}`);
  await add("truncated key", "password123", hash.slice(0, -1));
  await add("key of half the length", "password123", `${salt}:${key.slice(0, 64)}`);
  await add("truncated salt", "password123", `${salt.slice(1)}:${key}`);
  await add("space before the salt", "password123", ` ${hash}`);
  await add("newline at the end", "password123", `${hash}\n`);
  await add("parts swapped", "password123", `${key}:${salt}`);
  await add("hash of another algorithm", "password123",
    "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$uZ6ivuVvQ8Q");
  await add("no colon", "password123", salt + key);
  await add("empty hash", "password123", "");
  await add("colon alone", "password123", ":");
  await add("salt alone", "password123", `${salt}:`);
  await add("key alone", "password123", `:${key}`);
  return { cases };
}

const folder = new URL("../vectors/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [file, make] of Object.entries({
  "signed_cookies.json": signedCookies,
  "cookie_cache.json": cookieCaches,
  "password_hashes.json": passwordHashes,
})) {
  const vectors = await make();
  writeFileSync(new URL(file, folder), `${JSON.stringify(vectors, null, 1)}\n`);
  const good = vectors.cases.filter((each) => each.accepted).length;
  console.log(`${file}: ${good} accepted, ${vectors.cases.length - good} refused`);
}
