// An officer at the desk of a whole system, for all the tests of a file.
import { after, before } from "node:test";
import { System, sampleReport } from "../end_to_end/system.mjs";
import { endBoth, launch, openDesk } from "./browser.mjs";

/// Begins and ends the system and the browser with the file's tests; what these do at the desk, and what others do elsewhere.
export function atDesk() {
  const system = new System();
  let browser;
  before(async () => {
    await system.start();
    browser = await launch();
  });
  after(() => endBoth(browser, system));
  const openAs = (credential) => openDesk(browser, system, credential);
  return {
    system,
    openAs,
    officer: () => openAs(system.ready.credentials.officer),
    async reports(incident) {
      const { reports: all } = await system.ok("submitter", "GET", "/reports?page_size=1000");
      return all.filter((each) => each.report.incidentNumber === incident);
    },
    async released() {
      const report = await system.ok("submitter", "POST", "/reports", sampleReport());
      return system.ok("releaser", "POST", `/reports/${report.id}:release`, { status: "EXERCISE", duplicatesReviewed: report.duplicates });
    },
  };
}

export const submitButton = (page) => page.getByRole("button", { name: "提交并预览" });

/// Something that comes when the test says so.
export const promised = () => {
  const made = {};
  made.come = new Promise((resolve) => { made.give = resolve; });
  return made;
};
