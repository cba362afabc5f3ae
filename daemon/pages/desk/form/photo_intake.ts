// The photo of a form, and that nothing is sent without the one that was chosen.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Photo } from "../api/types";
import { Intake, type IntakeState } from "./intake";
import { photoFrom } from "./photo";
import { focusFirstWrong } from "./problems";

/** On an old telephone the largest photo takes a few seconds; what takes so much longer does not come any more. */
const readMsMax = 20_000;

export interface PhotoIntake {
  state: IntakeState;
  take: (file: File) => void;
  remove: () => void;
  /** What is being read does not count any more. */
  takeBack: () => void;
}

export function usePhotoIntake(onPhoto: (photo: Photo | null) => void): PhotoIntake {
  const [state, setState] = useState<IntakeState>("idle");
  const own = useRef<Intake<File, Photo> | null>(null);
  const intake = (own.current ??= new Intake(photoFrom, readMsMax, setState));
  return {
    state,
    take: (file) => void intake.take(file, onPhoto),
    remove: () => {
      intake.takeBack();
      onPhoto(null);
    },
    takeBack: () => intake.takeBack(),
  };
}

export interface PhotoSending {
  /** It is sent as soon as the photo is there. */
  waits: boolean;
  /** It was not, because there is none to be had of that file. */
  stopped: boolean;
  ask: () => void;
}

/** Of a photo that cannot be read: nobody was told, it was said instead of sending, or it was sent all the same. */
type Word = "unsaid" | "said" | "heeded";

/** Sends at once, or when the photo that is being read is there. Where it cannot be read the officer is told, and asked again. */
export function usePhotoSending({ state }: PhotoIntake, send: () => void): PhotoSending {
  const [asked, setAsked] = useState(false);
  const [word, setWord] = useState<Word>("unsaid");
  const goOn = () => {
    if (state === "unreadable" && word === "unsaid") {
      setWord("said");
      focusFirstWrong();
      return;
    }
    if (state === "unreadable") setWord("heeded");
    send();
  };
  useEffect(() => {
    if (state === "reading") {
      setWord("unsaid");
    } else if (asked) {
      setAsked(false);
      goOn();
    }
  }, [asked, state]);
  return {
    waits: asked,
    stopped: state === "unreadable" && word === "said",
    ask: () => (state === "reading" ? setAsked(true) : goOn()),
  };
}
