#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace tuanyuan::ctl {

/// What the program's exit status says (contract, section 1).
enum class Exit : int {
  done = 0,
  refused = 1,      ///< by the daemon; or what was to be verified or waited for is not so
  usage = 2,        ///< wrong arguments, or a file that cannot be read or written
  unreachable = 3,  ///< no answer: whether the request was carried out is not known
};

/// Why a command did not do what it was asked to.
struct Failure {
  Exit exit = Exit::usage;
  std::string text;     ///< for people; may have several lines
  std::string problem;  ///< the daemon's application/problem+json, where that is what it answered

  Failure() = default;
  Failure(Exit status, std::string what) : exit(status), text(std::move(what)) {}
  Failure(Exit status, std::string what, std::string body)
      : exit(status), text(std::move(what)), problem(std::move(body)) {}
};

/// Called by Outcome::value() where there is none; that is a programmer's error.
[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::logic_error("outcome without a value: " + failure.text);
}

template <class T>
using Outcome = boost::system::result<T, Failure>;

}  // namespace tuanyuan::ctl
