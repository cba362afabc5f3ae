import type { Notice } from "./current";

/// What is read in one go.
interface Phrase {
  alertId: string;
  revision: number;
  language: string;
  words: string;
}

/// Reads notices aloud where the browser can, each revision once. The browser is given one phrase at a time, for what
/// it has it can only forget as a whole; what waits is here, and is read only while it is still shown.
export class Speaker {
  private readonly read: Record<string, boolean> = {};
  private waiting: Phrase[] = [];
  private current: { phrase: Phrase; utterance: SpeechSynthesisUtterance } | null = null;

  constructor(
    private readonly wanted: boolean,
    private readonly isShown: (alertId: string, revision: number) => boolean,
  ) {}

  speak(notice: Notice): void {
    const { alertId, revision } = notice;
    const name = `${alertId} ${revision}`;
    if (!this.wanted || typeof speechSynthesis === "undefined" || this.read[name]) return;
    this.read[name] = true;
    notice.texts.forEach((text) => {
      this.waiting.push({ alertId, revision, language: text.language, words: text.speech || text.headline });
    });
    this.follow();
  }

  /// After anything has changed, and from time to time, for not every browser says that it has come to an end.
  follow(): void {
    this.waiting = this.waiting.filter((phrase) => this.isShown(phrase.alertId, phrase.revision));
    const { current } = this;
    if (current && !this.isShown(current.phrase.alertId, current.phrase.revision)) {
      this.current = null;
      speechSynthesis.cancel();
      return; // the next one later: what is said right after a cancel is lost in some browsers
    }
    if (current && !speechSynthesis.speaking && !speechSynthesis.pending) {
      this.current = null;
    }
    if (!this.current) this.next();
  }

  private next(): void {
    const phrase = this.waiting.shift();
    if (!phrase) return;
    const utterance = new SpeechSynthesisUtterance(phrase.words);
    utterance.lang = phrase.language;
    // Kept here, or browsers forget it, and with it that they have to say when it ends.
    this.current = { phrase, utterance };
    utterance.onend = utterance.onerror = () => {
      if (!this.current || this.current.utterance !== utterance) return;
      this.current = null;
      this.follow();
    };
    speechSynthesis.speak(utterance);
  }
}
