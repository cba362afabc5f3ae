#include "engine/poster_service.hpp"

#include <memory>
#include <utility>

#include "core/broadcast_script.hpp"
#include "core/fitted_text.hpp"
#include "core/poster_text.hpp"
#include "engine/reader.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::engine {
namespace {

ports::PosterForm form_of(ports::PosterFormat format) {
  switch (format) {
    case ports::PosterFormat::pdf:
      return ports::PosterForm::page_pdf;
    case ports::PosterFormat::led_pdf:
      return ports::PosterForm::strip_pdf;
    default:
      return ports::PosterForm::page_html;
  }
}

/// Whose copy is drawn. An officer gets what may be put up in the street, unless it asks for more by name, and the
/// police's own on a page where nobody else was ever told. Not where it was taken from the others, and never as a
/// line or a script: whoever prints for the street or reads out, without naming an audience, is not handed the
/// police's copy in its place, just when publicity would harm.
std::optional<core::Audience> audience_for(const Reader& reader, const core::CaseState& state,
                                           const ports::PosterOptions& options) {
  const core::AudienceSet showing = state.showing();
  const std::optional<core::Audience> wanted = reader.officer ? options.audience : reader.audience;
  if (wanted) {
    return showing.contains(*wanted) ? wanted : std::nullopt;
  }
  for (const core::Audience audience : {core::Audience::public_, core::Audience::partner}) {
    if (showing.contains(audience)) {
      return audience;
    }
  }
  const bool police_alone = state.audiences == core::AudienceSet{core::Audience::police};
  const bool is_page = options.format == ports::PosterFormat::html || options.format == ports::PosterFormat::pdf;
  return police_alone && is_page && !showing.empty() ? std::optional(core::Audience::police) : std::nullopt;
}

/// Why nothing is drawn, for who may know of the alert.
core::Refusal no_copy(const core::CaseState& state, bool named) {
  if (!named && !state.showing().empty()) {
    return {core::Errc::not_found,
            core::Text("目前仅公安机关持有；需要公安机关自用的版本时，请指明 audience=POLICE",
                       "the police alone have it now; their own is given to who asks for audience=POLICE")};
  }
  return {core::Errc::not_found,
          core::Text("该对象此刻没有此警情：未向其发布、已暂停或已撤下",
                     "that audience does not have the alert now: it was not released to it, is suspended, or was "
                     "taken down")};
}

}  // namespace

PosterService::Answer<PosterService::Found> PosterService::find(core::Caller caller, core::AlertId id,
                                                                ports::PosterOptions options) {
  CaseFile* file = world_.cases.find(id);
  const std::optional<Reader> reader =
      file == nullptr ? std::optional<Reader>() : reader_of(world_, caller, *file);
  if (!reader) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const std::optional<core::Audience> audience = audience_for(*reader, file->state, options);
  if (!audience) {
    co_return no_copy(file->state, options.audience.has_value() || !reader->officer);
  }
  Found found;
  found.audience = *audience;
  found.version = file->state.copy(*audience).version;
  core::Result<std::shared_ptr<const core::SignedCopy>> copy = co_await documents_.current_copy(*file, *audience);
  if (!copy) {
    co_return copy.error();
  }
  std::optional<core::Notice> notice = world_.tools.codec.decode_notice((*copy)->protobuf);
  if (!notice || core::is_recall(notice->kind)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  found.notice = std::move(*notice);
  if (found.notice.photo) {
    core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(*file);
    if (photo) {
      found.photo = *photo;
    } else if (photo.error().code != core::Errc::not_found) {
      co_return photo.error();
    }
  }
  co_return std::move(found);
}

/// A recall may have come while it was drawn, and a new revision says something else.
bool PosterService::still_in_force(const core::AlertId& id, const Found& found) {
  const CaseFile* file = world_.cases.find(id);
  return file != nullptr && file->state.showing().contains(found.audience) &&
         file->state.copy(found.audience).version.revision == found.version.revision;
}

PosterService::Answer<std::string> PosterService::drawn(ports::PosterContent content, ports::PosterForm form) {
  const auto deadline = world_.tools.clock.steady_now() + poster_ms_max;
  auto work = [posters = &posters_, given = std::move(content), form] {
    return std::make_shared<core::Result<std::string>>(posters->draw(given, form));
  };
  auto drawing = pool_.run(std::move(work));
  auto in_time = runtime::with_timeout(world_.tools.clock, std::move(drawing), deadline);
  std::optional<std::optional<std::shared_ptr<core::Result<std::string>>>> done = co_await std::move(in_time);
  if (!done) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (!*done) {
    co_return core::Refusal(core::Errc::overloaded);
  }
  co_return std::move(***done);
}

PosterService::Answer<std::string> PosterService::written(const Found& found,
                                                          const core::LanguageTemplates& language,
                                                          const ports::PosterOptions& options) {
  if (options.format == ports::PosterFormat::led) {
    co_return core::led_line(language, found.notice) + '\n';
  }
  if (options.format == ports::PosterFormat::script) {
    co_return core::script_sheet(language, found.notice, options.seconds);
  }
  ports::PosterContent content;
  content.text = core::poster_text(found.notice, language.language);
  content.line = core::led_line(language, found.notice);
  content.issued_at = found.notice.issued_at;
  if (found.photo != nullptr) {
    content.photo = *found.photo;
  }
  auto drawing = drawn(std::move(content), form_of(options.format));
  co_return co_await std::move(drawing);
}

PosterService::Answer<ports::Poster> PosterService::poster(core::Caller caller, core::AlertId id,
                                                           ports::PosterOptions options) {
  auto finding = find(std::move(caller), id, options);
  const core::Result<Found> found = co_await std::move(finding);
  if (!found) {
    co_return found.error();
  }
  const core::LanguageTemplates& language =
      *core::chosen_languages(world_.settings.texts, {options.language}).front();
  core::Result<std::string> body = co_await written(*found, language, options);
  if (!body) {
    co_return body.error();
  }
  if (!still_in_force(id, *found)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  ports::Poster poster;
  poster.body = std::move(*body);
  poster.language = language.language;
  co_return std::move(poster);
}

}  // namespace tuanyuan::engine
