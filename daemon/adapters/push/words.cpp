#include "adapters/push/words.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "adapters/push/limits.hpp"
#include "adapters/push/webhook_message.hpp"
#include "adapters/wire/document_codec.hpp"
#include "core/exercise_mark.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::string_view between = "\n\n";

/// What is about no child (the test of a channel) says by itself what it is.
const core::NoticeText* own_text(const core::Notice& notice, const std::vector<std::string>& languages) {
  if (wants_answer(notice) || notice.texts.empty()) {
    return nullptr;
  }
  for (const std::string& language : languages) {
    for (const core::NoticeText& text : notice.texts) {
      if (text.language == language) {
        return &text;
      }
    }
  }
  return &notice.texts.front();
}

/// Which of the four it is, and whether it is meant; the rest is in the app. The first of its rows that fits.
std::string fewest_words(const core::Notice& notice, bool chinese, const core::Fits& fits) {
  using Row = std::array<std::string_view, 4>;
  constexpr Row zh = {"寻找走失儿童", "寻人：情况更新", "寻人：已结束", "寻人：已撤回"};
  constexpr Row en = {"Missing child", "Missing child: update", "Search has ended", "Alert withdrawn"};
  constexpr Row en_shortest = {"Missing", "Update", "Ended", "Withdrawn"};
  const bool is_exercise = notice.status == core::Status::exercise;
  const std::string_view mark = chinese ? core::exercise_mark_zh : core::exercise_mark_en;
  const auto said_by = [&](const Row& row) {
    return std::string(is_exercise ? mark : std::string_view()) +
           std::string(row[static_cast<std::size_t>(notice.kind)]);
  };
  if (chinese) {
    return said_by(zh);
  }
  std::string words = said_by(en);
  return fits(words) ? words : said_by(en_shortest);
}

core::Refusal unfit() {
  return core::Refusal(core::Errc::invalid);
}

}  // namespace

bool is_expired(const ports::Dispatch& dispatch, core::Instant now) {
  return !core::is_recall(dispatch.delivery.kind) && dispatch.expires_at != core::Instant{} &&
         dispatch.expires_at <= now;
}

bool is_due(const ports::Dispatch& dispatch, core::Instant now) {
  return !is_expired(dispatch, now) && ports::is_still_due(dispatch);
}

std::chrono::seconds kept_for(const ports::Dispatch& dispatch, core::Instant now, std::chrono::seconds least,
                              std::chrono::seconds most) {
  const core::Duration left = dispatch.expires_at > now ? dispatch.expires_at - now : kept_default;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(left), least, most);
}

core::Result<core::Notice> notice_of(const ports::Dispatch& dispatch) {
  if (dispatch.delivery.parcel == core::Parcel::notice_clear) {
    core::Notice end;
    end.alert_id = dispatch.delivery.alert_id;
    end.version = dispatch.delivery.version;
    end.kind = core::NoticeKind::close;
    end.status = dispatch.delivery.status;
    end.audience = dispatch.delivery.audience;
    return end;
  }
  if (dispatch.delivery.parcel != core::Parcel::notice || !dispatch.copy) {
    return unfit();
  }
  auto notice = wire::ProtobufDocumentCodec().decode_notice(dispatch.copy->protobuf);
  if (!notice) {
    return unfit();
  }
  return std::move(*notice);
}

std::string message_id(const ports::Dispatch& dispatch) {
  const core::Delivery& delivery = dispatch.delivery;
  const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
  if (recipient == nullptr) {
    return {};
  }
  // Two phones of one recipient are two messages to a gateway that drops what comes twice.
  const std::string which = delivery.endpoint == 0 ? std::string() : "\n" + std::to_string(delivery.endpoint);
  return webhook_id(core::RecipientId(recipient->value + which), delivery.alert_id, delivery.version,
                    delivery.parcel);
}

bool wants_answer(const core::Notice& notice) {
  return notice.kind != core::NoticeKind::alert || notice.child.has_value();
}

std::string Words::bodies(const core::Notice& notice, const std::vector<std::string>& languages,
                          const core::Fits& fits) const {
  if (const core::NoticeText* own = own_text(notice, languages)) {
    return fits(own->body) ? own->body : own->headline;
  }
  const auto chosen = core::chosen_languages(templates_, languages);
  const core::Fits nothing = [](std::string_view) { return false; };
  std::string composed;
  for (std::size_t index = 0; index < chosen.size(); ++index) {
    std::string reserved;  // no language takes the place of the shortest that those after it have to say
    for (std::size_t later = index + 1; later < chosen.size(); ++later) {
      reserved += std::string(between) + core::fitted_headline(*chosen[later], notice, nothing);
    }
    const core::Fits beside_the_others = [&](std::string_view text) {
      return fits(composed + std::string(text) + reserved);
    };
    composed += core::fitted_body(*chosen[index], notice, beside_the_others);
    composed += index + 1 < chosen.size() ? between : std::string_view();
  }
  return composed;
}

std::string Words::body(const core::Notice& notice, const std::vector<std::string>& languages,
                        const core::Fits& fits) const {
  if (const core::NoticeText* own = own_text(notice, languages)) {
    return fits(own->body) ? own->body : own->headline;
  }
  std::string body = core::fitted_body(*core::chosen_languages(templates_, languages).front(), notice, fits);
  return fits(body) ? body : headline(notice, languages, fits);
}

std::string Words::headline(const core::Notice& notice, const std::vector<std::string>& languages,
                            const core::Fits& fits) const {
  if (const core::NoticeText* own = own_text(notice, languages)) {
    return own->headline;
  }
  std::string headline =
      core::fitted_headline(*core::chosen_languages(templates_, languages).front(), notice, fits);
  return fits(headline) ? headline : fewest_words(notice, language(languages).starts_with("zh"), fits);
}

std::string Words::speech(const core::Notice& notice, const std::vector<std::string>& languages) const {
  if (const core::NoticeText* own = own_text(notice, languages)) {
    return own->speech;
  }
  const core::LanguageTemplates* chosen = core::chosen_languages(templates_, languages).front();
  return core::texts_of(core::NoticeTemplates{{*chosen}}, notice).front().speech;
}

std::string Words::language(const std::vector<std::string>& languages) const {
  return core::chosen_languages(templates_, languages).front()->language;
}

}  // namespace tuanyuan::push
