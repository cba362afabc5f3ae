// The broker is away while an alert is released, and while another comes and goes: the daemon takes reports, says which
// broker is missing, and catches up by itself. TUANYUAN_AWAY_SECONDS says for how long, 2 by default.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { closing } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const away = Number(process.env.TUANYUAN_AWAY_SECONDS ?? 2) * 1000;
const rig = new Rig();
before(async () => {
  await rig.prepare();
  await rig.startBroker();
  await rig.startDaemon();
});
after(() => rig.end());

async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
}
const shown = (station, id) => station.events("show").filter((event) => event.alert_id === id);
const notice = (arrived) => JSON.parse(arrived.payload).notice;

test("away for a while: reports are taken, /readyz says which broker, and everybody hears of it after all", { timeout: 300_000 + away }, async () => {
  const stations = rig.ready.stations.slice(0, 3).map((credential) => rig.station(credential));
  await Promise.all(stations.map((station) => until("a station", () => station.events("connected").length)));
  const first = await release();
  await Promise.all(stations.map((station) => until("the first alert", () => shown(station, first.id).length)));

  await rig.broker.stop();
  const said = await rig.degraded("broker", /^primary: not connected/);
  assert.equal(said.status, 200, "reports can be committed");
  assert.equal(await rig.metric("tuanyuan_broker_connected", 'broker="primary"'), 0);
  const alert = await release();
  const gone = await release();
  await rig.ok("releaser", "POST", `/alerts/${gone.id}:close`, closing);
  await rig.ok("releaser", "POST", `/alerts/${first.id}:close`, closing);
  await rig.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, kind: "RECEIVED" });
  await until("the age of the outbox", async () => await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') > 1);
  await delay(away);
  assert.equal((await rig.readyz()).status, 200);

  await rig.startBroker();
  await rig.well("broker");
  assert.equal(await rig.metric("tuanyuan_broker_connected", 'broker="primary"'), 1);
  await Promise.all(stations.map((station) => until("the alert", () => shown(station, alert.id).length)));
  await Promise.all(stations.map((station) => until("the recall of the first",
    () => station.events("take-down").some((event) => event.alert_id === first.id && event.revision === 2))));
  const listener = await rig.subscriber("station", ["tuanyuan/v1/json/notices/partner/210102/+"]);
  for (const [id, kind] of [[first.id, "CLOSE"], [gone.id, "CLOSE"], [alert.id, "ALERT"]]) {
    const retained = await listener.next((m) => m.topic.endsWith(`/${id}`) && m.payload.length > 0, `what is retained of ${kind}`);
    assert.equal(notice(retained).kind, kind);
  }
  await until("their answers", async () => (await rig.ok("releaser", "GET", `/alerts/${alert.id}/board`)).counts.RECEIVED >= stations.length + 1);
  await until("an empty outbox", async () => await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') === 0);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await Promise.all(stations.map((station) => until("the recall",
    () => station.events("take-down").some((event) => event.alert_id === alert.id && event.revision === 2))));
  for (const station of stations) {
    assert.deepEqual([first, alert].map(({ id }) => shown(station, id).length), [1, 1], "nobody is rung twice");
    assert.equal(shown(station, gone.id).length, 0, "what was over before anybody could hear of it is never shown");
  }
  await listener.end();
  await Promise.all(stations.map((station) => station.stop()));
});

test("the broker dies again and again, and there is a receipt for every answer", async () => {
  const alert = await release();
  const { recipient_id: id } = rig.ready.credentials.station2;
  for (const kind of ["RECEIVED", "CONFIRMED"]) {
    await rig.broker.stop("SIGKILL");
    await rig.degraded("broker");
    await rig.startBroker();
    await rig.well("broker");
    const subscriber = await rig.subscriber("station2", [`tuanyuan/v1/receipts/${id}`]);
    await subscriber.client.publishAsync(`tuanyuan/v1/acknowledgements/${id}`,
      JSON.stringify({ alertId: alert.id, revision: 1, recipientId: id, kind }), { qos: 1 });
    const receipt = JSON.parse((await subscriber.next((m) => JSON.parse(m.payload).kind === kind, `the receipt for ${kind}`)).payload);
    assert.equal(receipt.result, "RECORDED");
    await subscriber.end();
  }
});
