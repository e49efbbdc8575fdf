// Drives a server with the official clients: node clients.mjs <server address> <kind>
//
// Prints a JSON list of {name, ok, got}: `got` is what the client handed to its caller,
// or what went wrong when not `ok`. What is right is said in test_clients.py.

import { Browser, address, closeWindow } from "./browser.mjs";
import { show, until } from "./use_session.mjs";

const [server, kind] = process.argv.slice(2);
const { createAuthClient } = await import(
  { vanilla: "better-auth/client", react: "better-auth/react", vue: "better-auth/vue" }[kind]
);

const PASSWORD = "correct horse battery";
const NEW_PASSWORD = "staple correct horse";
const email = (who) => `${who}.${kind}@example.com`;
const browser = (options) => new Browser(createAuthClient, server, options);

const results = [];
async function check(name, scenario) {
  try {
    results.push({ name, ok: true, got: await scenario() });
  } catch (error) {
    results.push({ name, ok: false, got: String(error.stack ?? error) });
  }
}

// Ids and tokens differ from run to run; what they are does not.
const shape = (value) => {
  if (value instanceof Date) return "Date";
  if (Array.isArray(value)) return value.map(shape);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ["id", "userId", "token"].includes(key) && typeof inner === "string"
        ? `${typeof inner} of ${inner.length}`
        : shape(inner),
    ]),
  );
};
const ok = ({ data, error }) => ({ data: shape(data), error });
const refused = ({ data, error }) => ({
  data,
  error: error && { status: error.status, code: error.code, message: error.message },
});
const signedInAs = async ({ client }) => (await client.getSession()).data?.user.email ?? null;

async function signUp(who) {
  const made = browser();
  const { error } = await made.client.signUp.email({
    name: who, email: email(who), password: PASSWORD,
  });
  if (error) throw new Error(JSON.stringify(error));
  return made;
}

async function signIn(who, password = PASSWORD) {
  const made = browser();
  const { error } = await made.client.signIn.email({ email: email(who), password });
  if (error) throw new Error(JSON.stringify(error));
  return made;
}

const tokenOf = async ({ client }) => (await client.getSession()).data.session.token;

// One account's life, with two or three browsers.
const ada = browser();
await check("getSession before anything", async () => ok(await ada.client.getSession()));
await check("signUp.email", async () =>
  ok(await ada.client.signUp.email({ name: "Ada", email: email("Ada"), password: PASSWORD })));
await check("signUp.email: cookies", async () => ada.lastCookies);
await check("getSession after signUp.email", async () => {
  const got = await ada.client.getSession();
  got.data.session.userAgent = typeof got.data.session.userAgent;
  got.data.session.ipAddress = typeof got.data.session.ipAddress;
  return ok(got);
});
await check("signOut", async () => ok(await ada.client.signOut()));
await check("signOut: cookies", async () => ada.lastCookies);
await check("getSession after signOut", async () => ok(await ada.client.getSession()));
await check("signIn.email", async () =>
  ok(await ada.client.signIn.email({ email: email("ada"), password: PASSWORD })));
await check("signIn.email: cookies", async () => ada.lastCookies);

const forgetful = browser();
await check("signIn.email with rememberMe false", async () =>
  ok(await forgetful.client.signIn.email({
    email: email("ada"), password: PASSWORD, rememberMe: false,
  })));
await check("signIn.email with rememberMe false: cookies", async () => forgetful.lastCookies);
await check("getSession with rememberMe false", async () => {
  const { data } = await forgetful.client.getSession();
  return { hours: Math.round((data.session.expiresAt - data.session.createdAt) / 3_600_000) };
});
await check("signIn.email with callbackURL", async () => {
  const answer = await browser().client.signIn.email({
    email: email("ada"), password: PASSWORD, callbackURL: "/dashboard?tab=1",
  });
  return { ...ok(answer), page: address() };
});

await check("listSessions", async () => {
  const mine = await tokenOf(ada);
  const { data, error } = await ada.client.listSessions();
  return {
    error,
    count: data.length,
    keys: Object.keys(data[0]).sort(),
    dates: data.every((each) => each.expiresAt instanceof Date && each.createdAt instanceof Date),
    mine: data.filter((each) => each.token === mine).length,
  };
});
await check("revokeSession of another browser", async () => {
  const token = await tokenOf(forgetful);
  return {
    answer: ok(await ada.client.revokeSession({ token })),
    other: await signedInAs(forgetful),
    self: await signedInAs(ada),
  };
});
await check("revokeSession of an unknown token", async () =>
  ok(await ada.client.revokeSession({ token: "nobody" })));
await check("revokeOtherSessions", async () => {
  const other = await signIn("ada");
  return {
    answer: ok(await ada.client.revokeOtherSessions()),
    other: await signedInAs(other),
    self: await signedInAs(ada),
    left: (await ada.client.listSessions()).data.length,
  };
});
await check("updateUser", async () => {
  const image = "https://example.com/ada.png";
  const answer = ok(await ada.client.updateUser({ name: "Ada Zoë 😀", image }));
  const { user } = (await ada.client.getSession()).data;
  return { answer, name: user.name, image: user.image };
});
await check("updateUser with a null image", async () => {
  const answer = ok(await ada.client.updateUser({ image: null }));
  return { answer, image: (await ada.client.getSession()).data.user.image };
});
await check("changePassword", async () => {
  const other = await signIn("ada");
  return {
    answer: ok(await ada.client.changePassword({
      currentPassword: PASSWORD, newPassword: NEW_PASSWORD,
    })),
    other: await signedInAs(other),
    self: await signedInAs(ada),
  };
});
await check("signIn.email with the old password", async () =>
  refused(await browser().client.signIn.email({ email: email("ada"), password: PASSWORD })));
await check("changePassword with revokeOtherSessions", async () => {
  const other = await signIn("ada", NEW_PASSWORD);
  const before = await tokenOf(ada);
  const answer = await ada.client.changePassword({
    currentPassword: NEW_PASSWORD, newPassword: PASSWORD, revokeOtherSessions: true,
  });
  return {
    answer: ok(answer),
    newToken: answer.data.token !== before && answer.data.token === (await tokenOf(ada)),
    other: await signedInAs(other),
    self: await signedInAs(ada),
    left: (await ada.client.listSessions()).data.length,
  };
});
await check("revokeSessions", async () => {
  const other = await signIn("ada");
  return {
    answer: ok(await ada.client.revokeSessions()),
    other: await signedInAs(other),
    self: await signedInAs(ada),
  };
});

// What the session store shows, from a subscription made before signing in.
await check("useSession", async () => {
  const bob = browser();
  const other = await signUp("bob");
  const { seen, close } = show[kind](bob.client);
  const shows = (count) => until(() => seen.length >= count, () => JSON.stringify(seen));
  await shows(2);
  await bob.client.signIn.email({ email: email("bob"), password: PASSWORD });
  await shows(4);
  await bob.client.updateUser({ name: "Bobby" });
  await shows(5);
  await bob.client.signOut();
  await shows(6);
  await bob.client.signIn.email({ email: email("bob"), password: PASSWORD });
  await shows(8);
  await bob.client.revokeSessions();
  await shows(9);
  close();
  return { seen, other: await signedInAs(other) };
});
await check("useSession: a revoked browser finds out", async () => {
  const eve = await signUp("eve");
  const { seen, close } = show[kind](eve.client);
  await until(() => seen.length >= 2, () => JSON.stringify(seen));
  const other = await signIn("eve");
  await other.client.revokeOtherSessions();
  await eve.client.$store.notify("$sessionSignal");
  await until(() => seen.length >= 3, () => JSON.stringify(seen));
  close();
  return seen;
});

// Every error as the caller sees it.
const eva = await signUp("eva");
const stranger = browser();
const errors = {
  "signUp.email: existing address": () => browser().client.signUp.email({
    name: "x", email: email("EVA"), password: PASSWORD }),
  "signUp.email: short password": () => stranger.client.signUp.email({
    name: "x", email: email("x"), password: "1234567" }),
  "signUp.email: long password": () => stranger.client.signUp.email({
    name: "x", email: email("x"), password: "x".repeat(129) }),
  "signUp.email: empty password": () => stranger.client.signUp.email({
    name: "x", email: email("x"), password: "" }),
  "signUp.email: malformed address": () => stranger.client.signUp.email({
    name: "x", email: "a@b", password: PASSWORD }),
  "signUp.email: no name": () => stranger.client.signUp.email({
    email: email("x"), password: PASSWORD }),
  "signUp.email: foreign callbackURL": () => stranger.client.signUp.email({
    name: "x", email: email("x"), password: PASSWORD, callbackURL: "https://evil.example" }),
  "signIn.email: wrong password": () => stranger.client.signIn.email({
    email: email("eva"), password: "not the password" }),
  "signIn.email: unknown user": () => stranger.client.signIn.email({
    email: email("nobody"), password: PASSWORD }),
  "signIn.email: malformed address": () => stranger.client.signIn.email({
    email: "eva", password: PASSWORD }),
  "signIn.email: long password": () => stranger.client.signIn.email({
    email: email("eva"), password: "x".repeat(129) }),
  "signIn.email: no password": () => stranger.client.signIn.email({ email: email("eva") }),
  "signIn.email: foreign callbackURL": () => stranger.client.signIn.email({
    email: email("eva"), password: PASSWORD, callbackURL: "//evil.example" }),
  "signIn.email: foreign origin": () => browser({ origin: "https://evil.example" })
    .client.signIn.email({ email: email("eva"), password: PASSWORD }),
  "not signed in: listSessions": () => stranger.client.listSessions(),
  "not signed in: revokeSession": () => stranger.client.revokeSession({ token: "x" }),
  "not signed in: revokeSessions": () => stranger.client.revokeSessions(),
  "not signed in: revokeOtherSessions": () => stranger.client.revokeOtherSessions(),
  "not signed in: updateUser": () => stranger.client.updateUser({ name: "x" }),
  "not signed in: changePassword": () => stranger.client.changePassword({
    currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
  "not signed in: verifyPassword": () => stranger.client.$fetch("/verify-password", {
    method: "POST", body: { password: PASSWORD } }),
  "changePassword: wrong password": () => eva.client.changePassword({
    currentPassword: "not the password", newPassword: NEW_PASSWORD }),
  "changePassword: short password": () => eva.client.changePassword({
    currentPassword: PASSWORD, newPassword: "1234567" }),
  "changePassword: long password": () => eva.client.changePassword({
    currentPassword: PASSWORD, newPassword: "x".repeat(129) }),
  "verifyPassword: wrong password": () => eva.client.$fetch("/verify-password", {
    method: "POST", body: { password: "not the password" } }),
  "revokeSession: no token": () => eva.client.revokeSession({ fetchOptions: { method: "POST" } }),
  "updateUser: email": () => eva.client.updateUser({ email: email("new") }),
  "updateUser: nothing known": () => eva.client.updateUser({ nonsense: 1 }),
  "updateUser: nothing at all": () => eva.client.updateUser({}),
  "a method that does not exist": () => eva.client.no.such.method({ x: 1 }),
};
for (const [name, call] of Object.entries(errors)) {
  await check(name, async () => refused(await call()));
}
await check("verifyPassword", async () => ok(await eva.client.$fetch("/verify-password", {
  method: "POST", body: { password: PASSWORD } })));
await check("ok", async () => ok(await stranger.client.$fetch("/ok")));
await check("an error thrown instead of returned", async () => {
  try {
    await stranger.client.listSessions({ fetchOptions: { throw: true } });
    return "nothing thrown";
  } catch (error) {
    return { status: error.status, error: error.error };
  }
});
await check("errors leave nobody signed in", async () => signedInAs(stranger));
await check("what the client asked for", async () =>
  [...new Set([...ada.requests, ...eva.requests, ...stranger.requests])].sort());

process.stdout.write(JSON.stringify(results));
await closeWindow();
process.exit(0);
