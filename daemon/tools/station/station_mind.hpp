#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/answer.hpp"
#include "core/notice.hpp"
#include "tools/station/answer_book.hpp"
#include "tools/station/commons.hpp"
#include "tools/station/member.hpp"
#include "tools/station/moment.hpp"

namespace tuanyuan::station {

/// How a simulated station behaves.
struct Temper {
  bool silent = false;                  ///< hears everything, answers nothing
  Steady delay{0};                      ///< answers that much later
  std::optional<Steady> confirm_after;  ///< "a person read it", that long after it was displayed
};

// What the mind wants done. --------------------------------------------------------------------------------------

struct SubscribeTo {
  std::vector<std::string> filters;
};

struct UnsubscribeFrom {
  std::string filter;
};

struct SayOnline {
  std::string topic;
};

/// To be made visible, instead of what is shown of this alert; then displayed() is to be called.
struct Show {
  std::shared_ptr<const core::Notice> notice;
  std::shared_ptr<const std::string> photo;  ///< absent: none, or none yet
  std::vector<core::RecipientId> recipients;
};

enum class TakeDownReason { recalled, cleared, outside, expired };
std::string_view describe(TakeDownReason reason);

/// Nothing of the alert is to be shown, queued or cached any more; then removed() is to be called.
struct TakeDown {
  core::AlertId alert_id;
  core::Version version;
  TakeDownReason reason = TakeDownReason::recalled;
};

/// To be fetched over https; then photo() is to be called.
struct FetchPhoto {
  core::AlertId alert_id;
  std::string url;
};

/// For the officers on duty: a Sighting as it came.
struct ShowSighting {
  std::string payload;
};

/// A notice that is not shown because it is not genuine.
struct Rejected {
  std::string alert_id;
  Verdict verdict = Verdict::not_genuine;
};

using Wish =
    std::variant<SubscribeTo, UnsubscribeFrom, SayOnline, Show, TakeDown, FetchPhoto, ShowSighting, Rejected>;

/// Which part of what is shown an answer is about. Absent: all of it.
struct Scope {
  std::optional<std::uint32_t> revision = std::nullopt;  ///< else that of the version in force
  std::optional<core::RecipientId> recipient = std::nullopt;
};

/// What has to be published on the topic for acknowledgements.
struct OutgoingAnswer {
  std::string topic;
  std::string payload;
};

/// How a recipient behaves (contract, sections 3 and 4), for itself and for those it answers for: what it
/// believes, what it shows, what it answers and when it takes down. No input or output of its own; messages and
/// time come in as arguments, wishes and answers go out. Never reads a clock, never logs.
///
/// Not thread-safe. The commons have to outlive it.
class StationMind {
 public:
  /// `members`: those whose `via` this station is.
  StationMind(Commons& commons, Member self, std::vector<Member> members, Temper temper, std::uint64_t seed);

  // What happens -------------------------------------------------------------------------------------------------

  void connected(Moment now);
  void message(std::string_view topic, std::string_view payload, Moment now);
  void tick(Moment now);

  /// What was wished for was done, for `recipient` or, absent, for all whom it concerns. `displayed` is ignored
  /// for what has been taken down since, `removed` for whom it concerns again.
  void displayed(const core::AlertId& alert, core::Version version, Moment now,
                 const std::optional<core::RecipientId>& recipient = std::nullopt);
  void removed(const core::AlertId& alert, Moment now,
               const std::optional<core::RecipientId>& recipient = std::nullopt);
  void photo(const core::AlertId& alert, std::string_view bytes, Moment now);

  /// What a person says of it. False: nothing of that alert is shown.
  bool confirm(const core::AlertId& alert, Moment now, const Scope& scope = {});
  bool act(const core::AlertId& alert, Moment now, const Scope& scope = {});
  bool unable(const core::AlertId& alert, core::UnableReason reason, Moment now, const Scope& scope = {});

  // What is wanted -----------------------------------------------------------------------------------------------

  std::vector<Wish> take_wishes();
  /// At most `count` answers that are due now.
  std::vector<OutgoingAnswer> take_answers(Moment now, std::size_t count);
  /// When tick() has something to do: also without a connection, since displays expire all the same.
  std::optional<Steady> display_deadline(Moment now) const;
  /// When take_answers() has something to give.
  std::optional<Steady> answers_due() const { return book_.next_due(); }

  const Topics& topics() const { return topics_; }
  const core::RecipientId& id() const { return members_.front().id; }
  std::vector<core::AlertId> shown() const;
  std::size_t unanswered() const { return book_.size(); }

 private:
  enum class Path : std::uint8_t { area, direct };

  /// What one member has to do with an alert.
  struct Stake {
    bool concerned = false;
    bool ever_concerned = false;
    std::optional<std::uint32_t> received;  ///< the revision answered so
    std::optional<std::uint32_t> displayed;
    std::optional<std::uint32_t> owes_removal;
  };

  struct Alert {
    std::optional<core::Version> seen;  ///< the highest
    std::optional<core::Version> on_path[2];
    std::vector<Stake> stakes;
    std::shared_ptr<const core::Notice> notice;  ///< of what is shown or about to be
    std::shared_ptr<const std::string> photo;
    std::optional<Steady> photo_deadline;  ///< while it is not shown because its picture is awaited
    std::string photo_topic;               ///< subscribed to
    bool by_direct = false;                ///< was addressed to this station itself
    bool down = false;                     ///< taken down at this version: the same one does not come back
    std::uint64_t touched = 0;
  };
  using Alerts = std::map<core::AlertId, Alert>;

  void on_keys(std::string_view payload, Moment now);
  void on_receipts(std::string_view payload);
  void on_notice(Path path, const std::string& alert_id, std::string_view topic, std::string_view payload,
                 Moment now);
  void on_cleared(const core::AlertId& alert_id);
  void on_genuine(Path path, std::shared_ptr<const core::Notice> notice, Moment now);
  void hold(std::string_view topic, std::string_view payload);

  Alert& remember(const core::AlertId& alert_id);
  void forget_one();
  static bool note_version(Alert& alert, Path path, const core::Notice& notice);
  void recall(const core::AlertId& alert_id, Alert& alert, bool known, const core::Notice& notice);
  void apply(const core::AlertId& alert_id, Alert& alert, Path path, std::shared_ptr<const core::Notice> notice,
             Moment now);
  std::vector<bool> concerned(const Alert& alert, Path path, const core::Notice& notice) const;
  void take_down(const core::AlertId& alert_id, Alert& alert, std::uint32_t revision, TakeDownReason reason);
  static void leave(Stake& stake, std::uint32_t revision);

  void want_photo(const core::AlertId& alert_id, Alert& alert, Path path, Moment now);
  void show(Alert& alert);
  void answer(const core::AlertId& alert, std::uint32_t revision, std::size_t member, core::AnswerKind kind,
              Moment now, Steady later = Steady{0}, core::UnableReason reason = core::UnableReason::none);
  bool answer_shown(const core::AlertId& alert, core::AnswerKind kind, core::UnableReason reason, Moment now,
                    const Scope& scope);

  Commons* commons_;
  std::vector<Member> members_;  ///< the station itself first
  Temper temper_;
  Topics topics_;
  AnswerBook book_;
  Alerts alerts_;
  std::map<std::string, std::string, std::less<>> held_;  ///< by topic
  std::vector<Wish> wishes_;
  std::uint64_t touches_ = 0;
};

}  // namespace tuanyuan::station
