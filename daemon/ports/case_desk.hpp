#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/board.hpp"
#include "core/caller.hpp"
#include "core/case.hpp"
#include "core/forecast.hpp"
#include "core/notice.hpp"
#include "core/refusal.hpp"
#include "core/report.hpp"

namespace tuanyuan::ports {

/// What makes a repeated request the same request. The key is already scoped to caller and call by who made
/// it; empty: the client sent none. The digest is of the request's body and target.
struct Idempotency {
  std::string key;
  std::string body_digest;

  Idempotency() = default;
  Idempotency(std::string scoped_key, std::string digest)
      : key(std::move(scoped_key)), body_digest(std::move(digest)) {}
};

/// Which page of a list: at most `size` items after the item that `token` names.
struct Page {
  std::size_t size = 100;
  std::string token;

  Page() = default;
  Page(std::size_t items, std::string after) : size(items), token(std::move(after)) {}
};
inline constexpr std::size_t page_size_max = 1'000;

template <class T>
struct Listed {
  std::vector<T> items;
  std::string next_token;  ///< empty: there is no more
};

struct ReportView {
  core::ReportId id;
  core::ReportState state = core::ReportState::submitted;
  core::AlertId alert_id;
  core::Report report;  ///< with the photo only where one report is asked for
  core::Instant submitted_at;
  core::Actor submitted_by;
  std::vector<core::ReportId> duplicates;
  bool unit_decides = false;   ///< the unit of who asks does, on this case
  std::uint32_t revision = 0;  ///< the alert's, at which the report says this; 0: not released
};

struct AlertView {
  core::AlertId id;
  core::ReportId report_id;  ///< empty for a recipient
  core::Version version;
  core::AlertState state = core::AlertState::none;
  core::Status status = core::Status::exercise;
  core::Outcome outcome = core::Outcome::none;
  core::Cause cause = core::Cause::none;
  std::optional<core::Circle> circle;  ///< none in a recall
  core::Instant released_at;
  std::optional<core::Instant> widens_at;          ///< for officers: when the clock widens the circle next
  std::shared_ptr<const core::SignedCopy> notice;  ///< the copy for who asks
  std::optional<core::Instant> display_until;      ///< none once it is taken from who asks
  bool display_ended = false;                      ///< that is over, and the case is not
  std::string lead_officer;                        ///< for officers, of a case that is open; as the next one
  std::vector<core::ReportId> duplicates;          ///< other reports of the same child
  core::AudienceSet audiences;                     ///< for officers: who was ever told
  core::AudienceSet suspended;                     ///< likewise: among them, from whom it is taken now
  std::optional<bool> circle_held;                 ///< likewise: the clock leaves it alone until it is advanced
  std::optional<bool> unit_decides;                ///< likewise: the unit of who asks does, on this case
};

/// Which reports of those that a caller sees.
struct ReportFilter {
  std::vector<core::ReportState> states;  ///< empty: any

  ReportFilter() = default;
};

/// Which alerts of those that a caller sees; each narrows it.
struct AlertFilter {
  std::vector<core::AlertState> states;  ///< empty: any
  std::string lead_officer;              ///< part of the name or number; for officers, and open cases
  bool not_shown = false;                ///< open, and their display has ended

  AlertFilter() = default;
};

/// Who would not hear an alert now, and since when.
struct UnreachableRecipient {
  core::RecipientId id;
  std::string name;
  std::string reason;  ///< a stable word: "offline", "never-seen", or of its gateway "paused", "down", "held"
  std::optional<core::Instant> since;
  core::Liaison liaison;  ///< whom to call meanwhile
};

struct PreviewView {
  std::optional<core::Circle> circle;
  std::vector<core::Division> divisions;
  std::uint32_t expected = 0;
  std::map<std::string, std::uint32_t> by_category;
  std::vector<UnreachableRecipient> unreachable;  ///< first page
  std::uint32_t unreachable_total = 0;
  std::vector<core::ReportId> duplicates;
  std::vector<std::string> missing;        ///< JSON paths of what would help and is not given
  std::vector<core::Notice> copies;        ///< as each audience would see it
  std::optional<core::Forecast> forecast;  ///< of what its release would send; none: it cannot be known now
  std::string preview_token;
};

struct ReleaseOptions {
  std::optional<core::AudienceSet> audiences;
  std::optional<double> radius_km;
  std::optional<core::Status> status;
  std::string preview_token;
  std::optional<std::vector<core::ReportId>> duplicates_reviewed;
  bool wake = false;
  bool plate_open = false;
  bool break_glass = false;
  std::string reason;

  ReleaseOptions() = default;
};

struct UpdateOptions {
  /// Makes the new report of the one in force; called once for each attempt to commit. Its refusal is the
  /// answer.
  std::function<core::Result<core::Report>(const core::Report&, core::Instant now)> merge;
  std::vector<std::string> fields;  ///< the update mask, JSON paths
  std::string reason;
  std::uint32_t expected_revision = 0;  ///< that the officer has seen; 0: whichever stands

  UpdateOptions() = default;
};

/// What an officer wants of the circle: exactly one of the three.
struct CircleOptions {
  bool hold = false;                     ///< the clock leaves it as it is
  bool advance = false;                  ///< to the next ring now; the clock goes on from there
  std::optional<double> radius_km;       ///< set by hand; the clock leaves it as it is
  std::optional<core::Position> centre;  ///< with a radius: another middle, WGS-84
  std::string reason;

  CircleOptions() = default;
};

struct SuspendOptions {
  core::AudienceSet audiences;
  core::SuspendReason reason = core::SuspendReason::none;
  std::string note;  ///< free text

  SuspendOptions() = default;
};

struct CloseOptions {
  core::Outcome outcome = core::Outcome::none;
  core::Cause cause = core::Cause::none;
  std::string reason;

  CloseOptions() = default;
};

/// The cases: what command centres and certified officers do, over whatever they come in by. Every change is
/// answered after its commit (promise 1). A caller sees the cases of its own division prefix and those whose
/// circle reaches it; for all others it is told that there is no such thing. Refuses by role first, then by
/// existence, then by state. Loop thread.
class CaseDesk {
 public:
  template <class T>
  using Answer = boost::asio::awaitable<core::Result<T>>;

  virtual ~CaseDesk() = default;

  virtual Answer<ReportView> submit(core::Caller caller, core::ReportDraft draft, Idempotency once) = 0;
  virtual Answer<ReportView> report(core::Caller caller, core::ReportId id) = 0;
  /// The oldest first.
  virtual Answer<Listed<ReportView>> reports(core::Caller caller, ReportFilter filter, Page page) = 0;
  virtual Answer<PreviewView> preview(core::Caller caller, core::ReportId id, ReleaseOptions options) = 0;
  virtual Answer<AlertView> release(core::Caller caller, core::ReportId id, ReleaseOptions options,
                                    Idempotency once) = 0;
  virtual Answer<ReportView> reject(core::Caller caller, core::ReportId id, std::string reason,
                                    Idempotency once) = 0;

  virtual Answer<AlertView> alert(core::Caller caller, core::AlertId id) = 0;
  /// The newest release first; what was never released stands by when its report came in. From page to page each
  /// that was there at the first comes once, whatever is released meanwhile.
  virtual Answer<Listed<AlertView>> alerts(core::Caller caller, AlertFilter filter, Page page) = 0;
  /// The picture as it is shown; not found once the alert is recalled.
  virtual Answer<core::Photo> photo(core::Caller caller, core::AlertId id) = 0;
  virtual Answer<AlertView> update(core::Caller caller, core::AlertId id, UpdateOptions options,
                                   Idempotency once) = 0;
  virtual Answer<AlertView> close(core::Caller caller, core::AlertId id, CloseOptions options,
                                  Idempotency once) = 0;
  virtual Answer<AlertView> retract(core::Caller caller, core::AlertId id, std::string reason,
                                    Idempotency once) = 0;
  virtual Answer<AlertView> circle(core::Caller caller, core::AlertId id, CircleOptions options,
                                   Idempotency once) = 0;
  virtual Answer<AlertView> suspend(core::Caller caller, core::AlertId id, SuspendOptions options,
                                    Idempotency once) = 0;
  virtual Answer<AlertView> resume(core::Caller caller, core::AlertId id, SuspendOptions options,
                                   Idempotency once) = 0;
  virtual Answer<core::Board> board(core::Caller caller, core::AlertId id) = 0;
};

}  // namespace tuanyuan::ports
