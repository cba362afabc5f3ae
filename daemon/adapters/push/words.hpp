#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/fitted_text.hpp"
#include "core/notice.hpp"
#include "core/notice_text.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

/// The notice of a dispatch, read from its signed copy. Whom the circle has left behind gets a CLOSE that knows
/// nothing else. Refuses (invalid) other parcels, and a notice whose copy cannot be read.
core::Result<core::Notice> notice_of(const ports::Dispatch& dispatch);

/// Whether nobody is to hear of it any more; a recall never grows too old.
bool is_expired(const ports::Dispatch& dispatch, core::Instant now);
/// Whether it has neither expired nor been overtaken since it was handed over.
bool is_due(const ports::Dispatch& dispatch, core::Instant now);

/// How long a gateway is to keep it for a device that is away: until it expires, or for `kept_default` where it
/// says no such time; within what the gateway takes.
std::chrono::seconds kept_for(const ports::Dispatch& dispatch, core::Instant now, std::chrono::seconds least,
                              std::chrono::seconds most);

/// By which people, and whoever stands in between, tell a repetition from something new: made as a webhook's
/// id is, for each endpoint. Empty where the dispatch is to nobody in particular.
std::string message_id(const ports::Dispatch& dispatch);

/// Whether people are asked to answer it: not what is about no child (the test of a channel).
bool wants_answer(const core::Notice& notice);

/// What notices say on ways that carry text alone, by the deployment's own templates. Any thread.
class Words {
 public:
  explicit Words(core::NoticeTemplates templates) : templates_(std::move(templates)) {}

  /// The bodies in all the languages of a recipient, one below the other, composed so that all of it fits.
  std::string bodies(const core::Notice& notice, const std::vector<std::string>& languages,
                     const core::Fits& fits) const;
  /// In the first of its languages, for ways on which one text has to do. Where nothing that the templates can say
  /// of it is short enough (a long name in vivo's twenty characters), it is fixed words, which have room in
  /// twenty.
  std::string body(const core::Notice& notice, const std::vector<std::string>& languages,
                   const core::Fits& fits) const;
  std::string headline(const core::Notice& notice, const std::vector<std::string>& languages,
                       const core::Fits& fits) const;
  std::string speech(const core::Notice& notice, const std::vector<std::string>& languages) const;
  /// Of the first of its languages.
  std::string language(const std::vector<std::string>& languages) const;

 private:
  core::NoticeTemplates templates_;
};

}  // namespace tuanyuan::push
