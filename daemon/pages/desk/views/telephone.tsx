import type { Liaison } from "../api/types";
import { dialled } from "../format";

/** Whom to call at a recipient, and to be dialled by a touch. */
export function Telephone({ liaison }: { liaison: Liaison | undefined }) {
  const telephone = liaison?.telephone;
  if (!telephone) return <span class="soft">–</span>;
  return (
    <>
      <a class="telephone number" href={`tel:${dialled(telephone)}`}>
        {telephone}
      </a>
      {liaison.post && <div class="soft small">{liaison.post}</div>}
    </>
  );
}
