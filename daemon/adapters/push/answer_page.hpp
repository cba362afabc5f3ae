#pragma once

#include <string>

namespace tuanyuan::push {

enum class AnswerPage {
  confirm,       ///< a button: somebody on duty has read the alert
  take_down,     ///< a button: it has been taken down everywhere here
  recorded,      ///< thanks; also for an answer of before
  over,          ///< the alert has been taken down since
  not_recorded,  ///< the alert has gone on since: there is another version, or it came back
};

/// What a person sees who follows a link to answer by. The button posts to the page's own address; nothing on it
/// is of a child or a recipient, and it needs neither scripts nor anything from elsewhere. Chinese, then English.
std::string answer_page(AnswerPage page);

}  // namespace tuanyuan::push
