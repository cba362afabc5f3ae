// Suites that mount a disk or cut a network run in namespaces of their own: whatever they do ends with them, and needs
// no rights but those to make such namespaces.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/// Goes on, as the same file, in mount and network namespaces of its own; only in there does this return, with nothing.
/// Where `needs` (a shell command) fails in there it returns options that skip a test and say why.
export async function enter(url, needs) {
  if (process.env.TUANYUAN_INSIDE) return {};
  const unshare = [...(process.getuid() === 0 ? [] : ["--user", "--map-root-user"]), "--mount", "--net"];
  const probe = spawnSync("unshare", [...unshare, "sh", "-ec", needs], { encoding: "utf8", env });
  if (probe.status !== 0) return { skip: `not possible here: ${(probe.stderr || String(probe.error)).trim()}` };
  const child = spawn("unshare", [...unshare, "setpriv", "--pdeathsig", "KILL", "--", process.execPath, ...process.execArgv, fileURLToPath(url)],
    { stdio: "inherit", env: { ...process.env, TUANYUAN_INSIDE: "1" } });
  const [code] = await once(child, "exit");
  process.exit(code ?? 1);
}

export function run(...command) {
  const done = spawnSync(command[0], command.slice(1), { encoding: "utf8", env });
  if (done.status !== 0) throw new Error(`${command.join(" ")}: ${done.stderr || done.error}`);
  return done.stdout;
}
