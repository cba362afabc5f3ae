import { Banner, Button } from "../../design/components";
import type { Caller } from "../api/types";
import { useTexts } from "../text";

interface Props {
  /** Has a certificate, but none that is of use here. */
  caller?: Caller;
  onAgain: () => void;
}

export function NoCertificate({ caller, onAgain }: Props) {
  const { certificate } = useTexts();
  return (
    <div class="stack narrow">
      <div class="view-head stack-close">
        <h1>{certificate.title}</h1>
        {!caller && <p>{certificate.text}</p>}
      </div>
      {caller && (
        <Banner tone="warn" title={certificate.noRole}>
          <p>{caller.roles.includes("recipient") ? certificate.recipient : certificate.noRoleText}</p>
        </Banner>
      )}
      <section class="panel">
        <ol class="steps">
          {certificate.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="soft small">{certificate.note}</p>
      </section>
      <div>
        <Button kind="primary" onClick={onAgain}>
          {certificate.again}
        </Button>
      </div>
    </div>
  );
}
