import { Banner, Button, Field, attributesOf } from "../../design/components";
import type { Photo } from "../api/types";
import { useTexts } from "../text";
import { pictureOf } from "./photo";
import type { PhotoIntake, PhotoSending } from "./photo_intake";

interface Props {
  photo: Photo | null;
  intake: PhotoIntake;
  error: string | undefined;
}

export function PhotoField({ photo, intake, error }: Props) {
  const texts = useTexts();
  const field = {
    name: "child.photo",
    label: texts.report.photoTake,
    hint: texts.report.photoHint,
    error: intake.state === "unreadable" ? texts.report.photoFailed : error,
  };
  return (
    <Field {...field}>
      <input
        {...attributesOf(field)}
        class="input"
        type="file"
        accept="image/*"
        onChange={(event) => {
          const input = event.currentTarget;
          const [file] = input.files ?? [];
          // The same one may be chosen again.
          input.value = "";
          if (file) intake.take(file);
        }}
      />
      <span class="small" role="status">
        {intake.state === "reading" && texts.report.photoReading}
      </span>
      {photo && (
        <div class="row">
          <img class="photo-small" src={pictureOf(photo)} alt={texts.report.photoAlt} />
          <Button size="small" onClick={intake.remove}>
            {texts.report.photoRemove}
          </Button>
        </div>
      )}
    </Field>
  );
}

/** Beside the button that sends: what it waits for, or why it did not. */
export function PhotoWait({ sending }: { sending: PhotoSending }) {
  const { report } = useTexts();
  return (
    <>
      {sending.waits && (
        <Banner tone="info">
          <p>{report.photoWaits}</p>
        </Banner>
      )}
      {sending.stopped && <Banner tone="warn" urgent title={report.photoStopped} />}
    </>
  );
}
