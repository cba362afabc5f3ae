import { Banner, Button } from "../../design/components";
import { NoAnswer, Refused, Stopped } from "../api/call";
import { timeOf } from "../format";
import type { Action, Loaded } from "../live/hooks";
import { useTexts } from "../text";

/** What came of a call that did not succeed, in the words of the server where it said any. `shown`: paths of fields
    that say themselves what is wrong with them. */
export function Failure({ failure, shown }: { failure: Refused | NoAnswer | null; shown?: (path: string) => boolean }) {
  const texts = useTexts();
  if (failure === null) return null;
  if (failure instanceof Stopped) {
    return (
      <Banner tone="warn" urgent title={texts.connection.stopped}>
        <p>{texts.connection.stoppedHint}</p>
      </Banner>
    );
  }
  if (!(failure instanceof Refused)) {
    return (
      <Banner tone="warn" urgent title={texts.connection.noAnswer}>
        <p>{texts.connection.noAnswerHint}</p>
      </Banner>
    );
  }
  const { title, detail, errors = [] } = failure.problem;
  const rest = errors.filter((error) => !shown?.(error.path));
  return (
    <Banner tone="danger" urgent title={texts.said(texts.refused, title)}>
      {detail && <p>{detail}</p>}
      {rest.length > 0 && (
        <ul>
          {rest.map((error) => (
            <li key={error.path + error.message}>
              {texts.said(texts.field[error.path] ?? error.path, error.message)}
            </li>
          ))}
        </ul>
      )}
    </Banner>
  );
}

/** How something that an officer does is going. */
export function Progress({ action, shown }: { action: Action; shown?: (path: string) => boolean }) {
  const texts = useTexts();
  return (
    <div class="stack-close" aria-live="polite">
      {action.tries > 0 && (
        <Banner tone="warn">
          <p>{texts.connection.retrying(action.tries)}</p>
        </Banner>
      )}
      {shown ? <Failure failure={action.failure} shown={shown} /> : <Failure failure={action.failure} />}
    </div>
  );
}

/** Instead of a view whose reading failed. */
export function Unread({ failure, reload }: { failure: Refused | NoAnswer; reload: () => void }) {
  const texts = useTexts();
  return (
    <div class="stack">
      <Failure failure={failure} />
      <div>
        <Button onClick={reload}>{texts.tryAgain}</Button>
      </div>
    </div>
  );
}

/** Over what is read again and again: since when that fails, or that none of it ever came. */
export function Readings({ of }: { of: Loaded<unknown>[] }) {
  const texts = useTexts();
  const failed = of.filter((each) => each.failure !== null);
  const [first] = failed;
  if (!first) return null;
  const reload = () => failed.forEach((each) => each.reload());
  const never = failed.find((each) => each.readAt === null);
  if (never) return <Unread failure={never.failure ?? new NoAnswer()} reload={reload} />;
  const oldest = Math.min(...failed.map((each) => each.readAt ?? 0));
  return (
    <Banner tone="warn" title={texts.connection.asOf(timeOf(new Date(oldest).toISOString(), Date.now()))}>
      <Button size="small" onClick={reload}>
        {texts.tryAgain}
      </Button>
    </Banner>
  );
}
