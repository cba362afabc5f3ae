// An update while it is typed: what is changed in the report as it was when the page was opened, and why. And what was sent of
// it last, which may be in force though no answer came: that must not ring everywhere a second time.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ReportAnswer, UpdateRequest } from "../api/types";
import {
  type Changes,
  type Draft,
  changedFields,
  changesIn,
  draftOf,
  hasChanges,
  reportOf,
  updateFields,
  wholeOf,
  withChanges,
} from "./draft";
import { type KeptUpdate, type SentUpdate, eraseUpdate, keepUpdate, loadUpdate } from "./keeping";
import { asSeen, changedElsewhere, stoodIn, withNewer } from "./newer";

const maskOf = ({ request }: SentUpdate) => request.updateMask.split(",");

/** The mask names a position as a whole; the body has its parts. */
const leavesOf = (mask: string[]) => updateFields.filter((path) => mask.includes(wholeOf(path)));

const lengthOf = ({ photo }: Draft) => photo?.data.length ?? 0;

/** What was typed when it was sent. */
function changesOf(sent: SentUpdate): Changes {
  const { request, values } = sent;
  return { values, ...(maskOf(sent).includes("child.photo") ? { photo: request.report.child?.photo ?? null } : {}) };
}

/** Whether the draft's photo came into force by what was sent. The report gives it back as another, drawn anew: so by what
    was sent with it, and because another stands there than did then. One of the same length counts as the same, for a photo
    that is sent once more does no harm, and one that is not sent is lost. */
function isPhotoInForce(sent: SentUpdate, before: Draft, draft: Draft): boolean {
  const photo = sent.request.report.child?.photo;
  if (!photo || photo.data !== draft.photo?.data || lengthOf(before) === sent.photoBefore) return false;
  return changedFields(before, withChanges(before, { values: sent.values }), updateFields).length === 0;
}

/** How what is typed stands to the report and to what was sent. */
function standOf(before: Draft, typed: Draft, reason: string, sent: SentUpdate | undefined) {
  if (sent && sent.request.reason === reason) {
    const changes = changesOf(sent);
    const typedSince = changedFields(withChanges(before, changes), typed, updateFields);
    // Whether it is in force need not be known: its key is.
    if (typedSince.length === 0) return { asSent: sent, draft: typed, changes, changed: maskOf(sent) };
  }
  const draft = sent && isPhotoInForce(sent, before, typed) ? { ...typed, photo: before.photo } : typed;
  const [changes, changed] = [changesIn(before, draft, updateFields), changedFields(before, draft, updateFields)];
  return { asSent: null, draft, changes, changed };
}

/** What was typed before a reload. What all stands in the report by now was accepted, though no answer came. */
function restoredIn(before: Draft, alertId: string): KeptUpdate | null {
  const kept = loadUpdate(alertId);
  if (!kept) return null;
  const { draft } = standOf(before, withChanges(before, kept), kept.reason, kept.sent);
  const isNews = changedFields(before, draft, updateFields).length > 0;
  const isReasonAlone = !hasChanges(kept) && kept.reason !== "";
  return isNews || isReasonAlone ? kept : null;
}

/** The report as it was when what is restored was typed. */
function seenBefore(now: Draft, kept: KeptUpdate): Draft {
  const own = kept.sent ? [kept, changesOf(kept.sent)] : [kept];
  return asSeen(now, kept.stood ?? {}, own, updateFields);
}

/** A photo that was sent comes back as another: then whose it is, is not known, and it counts as one's own. */
function newerIn(before: Draft, now: Draft, typed: Draft, sent: SentUpdate | undefined): string[] {
  const own = sent ? [typed, withChanges(before, changesOf(sent))] : [typed];
  const isPhotoSent = sent !== undefined && maskOf(sent).includes("child.photo");
  return changedElsewhere(before, now, own, updateFields).filter((path) => !isPhotoSent || path !== "child.photo");
}

/** `report`, at `revision`: as it is now; the form stays what it was when it was opened, until the officer takes over what is
    newer. */
export function useUpdate(alertId: string, { report, revision }: ReportAnswer) {
  const now = useMemo(() => draftOf(report, updateFields), [report]);
  const [restored, setRestored] = useState(() => restoredIn(now, alertId));
  const [before, setBefore] = useState<Draft>(() => (restored ? seenBefore(now, restored) : now));
  const [typed, setDraft] = useState<Draft>(() => (restored ? withChanges(before, restored) : before));
  const [reason, setReason] = useState(restored?.reason ?? "");
  // No state: an effect of before the sending may come after it, and must not keep what was typed without what was sent.
  const sent = useRef(restored?.sent);
  const sentFor = useRef(0);
  const [, redraw] = useState({});
  const { asSent, draft, changes, changed } = standOf(before, typed, reason, sent.current);
  const keep = () => {
    const { current } = sent;
    keepUpdate(alertId, { ...changes, stood: stoodIn(before, changes), reason, ...(current ? { sent: current } : {}) });
  };
  useEffect(() => {
    if (hasChanges(changes) || reason !== "") keep();
    else eraseUpdate(alertId);
  }, [typed, reason]);
  /** What goes out now; kept before it does, because the page may be gone before the answer comes. As long as nothing is
      typed it is what went out before. It is for what the officer is shown as newer, and for nothing that came after that. */
  const toSend = (): UpdateRequest => {
    const whole = { ...draft, photo: changed.includes("child.photo") ? draft.photo : null };
    sent.current = asSent ?? {
      request: { report: reportOf(whole, leavesOf(changed)), updateMask: changed.join(","), reason, expectedRevision: revision },
      values: changes.values,
      photoBefore: lengthOf(before),
    };
    sentFor.current = sent.current.request.expectedRevision ?? 0;
    keep();
    return sent.current.request;
  };
  /** What was sent is not in force and never will be: what is typed is another request from now on. */
  const forgetSent = () => {
    sent.current = undefined;
    keep();
    redraw({});
  };
  const discard = () => {
    sent.current = undefined;
    setRestored(null);
    setBefore(now);
    setDraft(now);
    setReason("");
  };
  const newer = newerIn(before, now, typed, sent.current);
  /** What overtook the update that was sent is not read yet: what is known as newer may not be the newest. */
  const isBehind = revision <= sentFor.current;
  const takeNewer = () => {
    setDraft(withNewer(before, typed, now, newer, updateFields));
    setBefore(now);
  };
  const [isRestored, isAsSent] = [restored !== null, asSent !== null];
  return { draft, setDraft, reason, setReason, changed, toSend, forgetSent, isRestored, isAsSent, discard, now, newer, isBehind, takeNewer };
}
