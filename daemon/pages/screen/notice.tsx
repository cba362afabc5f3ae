import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Notice } from "./current";
import { Fitted } from "./fitted";
import { words } from "./words";

interface Props {
  notice: Notice;
  text: number;
  page: number;
  photoUrl: string | null;
  codeUrl: string | null;
  mark: ComponentChildren;
  onPages: (pages: string[][]) => void;
  onComplete: () => void; ///< everything of it is there to be painted
}

const headlineSizes = [8.4, 7.8, 7.2, 6.6, 6, 5.4, 4.8, 4.2, 3.6, 3];
/// The smallest is what is still read from ten metres on a screen of 55 inches, 1/300 of the distance.
const bodySizes = [7.2, 6.7, 6.2, 5.8, 5.4, 5, 4.7];
const photoLongest = 3_000;

/// The photo, decoded; onReady also where it is not to be had in time, for a notice is worth showing without.
function Photo({ url, onReady }: { url: string | null; onReady: () => void }) {
  useEffect(() => {
    const late = setTimeout(onReady, photoLongest);
    return () => clearTimeout(late);
  }, []);
  const loaded = (event: Event) => {
    const image = event.currentTarget as HTMLImageElement;
    if (image.decode) image.decode().then(onReady, onReady);
    else onReady();
  };
  return <div class="photo">{url && <img src={url} alt={`${words.photo.zh} ${words.photo.en}`} onLoad={loaded} onError={onReady} />}</div>;
}

function Dots({ count, at }: { count: number; at: number }) {
  const dots = [];
  for (let i = 0; i < count; ++i) dots.push(<i class={i === at ? "dot is-here" : "dot"} />);
  return <div class="dots" aria-hidden="true">{count > 1 && dots}</div>;
}

export function NoticeView(props: Props) {
  const { notice } = props;
  const text = notice.texts[props.text] ?? notice.texts[0]!;
  const [pages, setPages] = useState(1);
  const [hasPhoto, setHasPhoto] = useState(notice.photo === null);
  const [hasText, setHasText] = useState(false);
  const revision = `${notice.alertId} ${notice.revision}`;

  useEffect(() => {
    if (hasPhoto && hasText) props.onComplete();
  }, [revision, hasPhoto, hasText]);

  const onFit = useMemo(() => (found: string[][]) => {
    setPages(found.length);
    setHasText(true);
    props.onPages(found);
  }, [revision, props.text]);

  return (
    <main class={notice.photo || notice.code ? "notice" : "notice is-plain"}>
      {(notice.photo || notice.code) && (
        <div class={notice.photo ? "side" : "side is-code"}>
          {notice.photo && <Photo key={revision} url={props.photoUrl} onReady={() => setHasPhoto(true)} />}
          {notice.code && (
            <div class="code">
              {props.codeUrl && <img src={props.codeUrl} alt={`${words.scan.zh} ${words.scan.en}`} />}
              <p>
                {words.scan.zh} <small lang="en">{words.scan.en}</small>
              </p>
            </div>
          )}
        </div>
      )}
      <div class="text">
        <Fitted class="headline" lang={text.language} text={text.headline} sizes={headlineSizes} page={0} />
        <Fitted class="body" lang={text.language} text={text.body} sizes={bodySizes} page={props.page} onFit={onFit} />
        <div class="below">
          <Dots count={pages} at={props.page} />
          {props.mark}
        </div>
      </div>
    </main>
  );
}
