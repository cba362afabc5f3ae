#include "adapters/push/answer_page.hpp"

#include <string_view>

namespace tuanyuan::push {
namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>团圆</title>
<style>
body { font: 1.2rem/1.6 sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #222; background: #fff }
button { font: inherit; width: 100%; padding: 1rem; color: #fff; background: #1a5fb4; border: 0; border-radius: .5rem }
p[lang=en] { color: #555; font-size: 1rem }
</style>
)";

std::string with_text(std::string_view chinese, std::string_view english) {
  std::string page(head);
  page.append("<p>").append(chinese).append("</p>\n<p lang=\"en\">").append(english).append("</p>\n");
  return page;
}

std::string with_button(std::string_view chinese, std::string_view english, std::string_view label) {
  std::string page = with_text(chinese, english);
  page += R"(<form method="post"><input type="hidden" name="page" value="1"><button>)";
  page += std::string(label) + "</button></form>\n";
  return page;
}

}  // namespace

std::string answer_page(AnswerPage page) {
  switch (page) {
    case AnswerPage::confirm:
      return with_button("走失儿童预警：值班人员已阅读并知悉，请点击确认。",
                         "Missing-child alert: press once somebody on duty has read it.", "确认已读 · Confirm");
    case AnswerPage::take_down:
      return with_button("该预警已解除：本单位各处均已撤下，请点击确认。",
                         "The alert is over: press once it has been taken down everywhere.",
                         "确认已撤下 · Taken down");
    case AnswerPage::recorded:
      return with_text("已记录，谢谢。", "Recorded. Thank you.");
    case AnswerPage::over:
      return with_text("该预警已撤下，此处无需再确认，请以最新通知为准。",
                       "The alert has been taken down: nothing is to be confirmed here any more. Please go by the "
                       "latest notice.");
    case AnswerPage::not_recorded:
      break;
  }
  return with_text("未记录：该预警已有更新或已结束，请以最新通知为准。",
                   "Not recorded: the alert has been updated or is over. Please go by the latest notice.");
}

}  // namespace tuanyuan::push
