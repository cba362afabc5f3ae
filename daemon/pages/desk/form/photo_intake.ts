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

/** Sends at once, or when the photo that is being read is there. Where it cannot be read the officer is asked again. */
export function usePhotoSending({ state }: PhotoIntake, send: () => void): PhotoSending {
  const [asked, setAsked] = useState(false);
  const [stopped, setStopped] = useState(false);
  const ask = () => {
    setStopped(false);
    if (state === "reading") setAsked(true);
    else send();
  };
  useEffect(() => {
    if (!asked || state === "reading") return;
    setAsked(false);
    if (state === "idle") {
      send();
      return;
    }
    setStopped(true);
    focusFirstWrong();
  }, [asked, state]);
  return { waits: asked, stopped: stopped && state === "unreadable", ask };
}
