#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/http.hpp"
#include "adapters/push/limits.hpp"

namespace tuanyuan::push {

/// The client's side of one HTTP/2 connection (RFC 9113) without any I/O: bytes go in and come out. Requests are
/// given to it only when it has room for them; which of them the other side has not looked at is told apart from
/// those that it may have carried out.
///
/// Until the other side has said its SETTINGS it has no room, and until the first answer room for one request
/// alone: a gateway that refuses a token, or allows one stream until it has seen a good one, is not met
/// with a thousand of them.
class H2Session {
 public:
  using StreamId = std::int32_t;

  enum class How {
    answered,       ///< a whole answer
    not_processed,  ///< nothing of it left, or the other side says that it has not looked at it
    broken,         ///< neither: it may have been carried out
  };
  struct Ended {
    StreamId stream = 0;
    How how = How::broken;
    HttpAnswer answer;

    Ended() = default;
  };

  explicit H2Session(const H2SessionLimits& limits);
  ~H2Session();
  H2Session(const H2Session&) = delete;
  H2Session& operator=(const H2Session&) = delete;

  /// False: the connection is at its end. What it leaves is told by `abandon`.
  bool receive(std::string_view bytes);
  /// What has to be written next; empty: nothing now. What was taken counts as sent.
  std::string take_output();
  /// The same, into the room that an earlier output has left.
  void take_output(std::string& bytes);

  /// How many more requests it takes now.
  std::size_t room() const;
  /// Only where there is room, and the request is sendable. It is kept until its stream has ended, for its body is
  /// read as there is room for it. 0: it could not be taken after all.
  StreamId submit(std::shared_ptr<const HttpRequest> request);
  /// Nobody waits for its answer any more. It is not told of as ended.
  void reset(StreamId stream);
  /// Whether anything of the request may have left.
  bool has_left(StreamId stream) const;
  /// In the order in which they ended.
  std::vector<Ended> take_ended();
  /// Ends all that is under way.
  std::vector<Ended> abandon();

  void ping();
  bool awaits_ping() const;
  /// Takes no more requests; those under way go on.
  void drain();

  /// The other side's SETTINGS have come.
  bool is_ready() const;
  bool is_draining() const;
  /// Some request has been answered.
  bool has_answered() const;
  std::size_t streams() const;
  /// The reason that a GOAWAY gave, as far as it is a plain word; empty: none.
  const std::string& farewell() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The reason in the opaque data of APNs' GOAWAY ({"reason":"…"}); empty where it is none that may be logged.
std::string goaway_reason(std::string_view opaque_data);

}  // namespace tuanyuan::push
