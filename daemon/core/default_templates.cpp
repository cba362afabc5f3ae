#include "core/exercise_mark.hpp"
#include "core/notice_text.hpp"

// The texts that the daemon has by itself; config/notice-texts.toml says the same and explains how to change
// them, and a test keeps the two alike.
namespace tuanyuan::core {
namespace {

constexpr const char* zh_headline =
    "寻找失踪儿童[：{name}][male?，男][female?，女][，{age}岁][infant?，不满一岁][（{place_short}）]";

constexpr const char* zh_body =
    "失踪儿童[：{name}][male?，男][female?，女][，{age}岁][infant?，不满一岁][，身高{height}厘米][，体重{weight}"
    "千克]。\n"
    "最后被看见：{year}年{month}月{day}日{hour}时{minute}分"
    "[至[{latest_month}月{latest_day}日]{latest_hour}时{latest_minute}分][，{place}]。"
    "[\n体貌：{appearance}。][\n衣着：{clothing}。][\n特征：{marks}。][\n经过：{circumstances}。]"
    "[abduction?\n疑似被人带走。][\n可能同行者：{suspect}。][\n车辆：{vehicle}。][\n车牌：{plate}。]"
    "\n如有线索，请立即致电[{contact_unit}：]{phone}[beside_110?，或拨打110]。"
    "[\n接警单编号：{incident_number}。][\n案件编号：{case_number}。][\n出生日期：{birth_date}。]"
    "[\n报告单位：{reporting_unit}。][\n责任民警：{lead_officer}。]";

constexpr const char* zh_speech =
    "寻找失踪儿童[，{name}][male?，男][female?，女][，{age}岁][infant?，不满一岁][，身高{height}厘米]。"
    "[{month}月{day}日{hour}点[{minute_if_any}分][，在{place}]，最后被看见。]"
    "[体貌，{appearance}。][衣着，{clothing}。][特征，{marks}。][abduction?疑似被人带走。]"
    "[可能同行者，{suspect}。][车辆，{vehicle}。][车牌，{plate}。]"
    "如有线索，请拨打{phone}[beside_110?，或者幺幺零]。";

constexpr const char* en_headline =
    "Missing child[: {name}][male?, boy][female?, girl][, aged {age}][infant?, under one year old][ "
    "({place_short})]";

constexpr const char* en_body =
    "Missing child[: {name}][male?, boy][female?, girl][, aged {age}][infant?, under one year old]"
    "[, {height} cm tall][, {weight} kg].\n"
    "Last seen: {date} {clock}[ to [{latest_date} ]{latest_clock}] Beijing time[, {place}]."
    "[\nAppearance: {appearance}.][\nClothing: {clothing}.][\nMarks: {marks}.][\nWhat happened: {circumstances}.]"
    "[abduction?\nThe child may have been taken away.][\nMay be with: {suspect}.][\nVehicle: {vehicle}.]"
    "[\nNumber plate: {plate}.]"
    "\nIf you know anything, call[ {contact_unit} at] {phone}[beside_110? or 110] at once."
    "[\nIncident number: {incident_number}.][\nCase number: {case_number}.][\nDate of birth: {birth_date}.]"
    "[\nReporting unit: {reporting_unit}.][\nLead officer: {lead_officer}.]";

constexpr const char* en_speech =
    "Missing child[, {name}][male?, boy][female?, girl][, aged {age}][infant?, under one year old]"
    "[, {height} centimetres tall]. "
    "[Last seen on {date} at {clock}[, {place}]. ]"
    "[Appearance, {appearance}. ][Clothing, {clothing}. ][Marks, {marks}. ]"
    "[abduction?The child may have been taken away. ][May be with, {suspect}. ][Vehicle, {vehicle}. ]"
    "[Number plate, {plate}. ]"
    "If you know anything, call {phone}[beside_110?, or one one zero].";

LanguageTemplates chinese() {
  return {
      .language = "zh-CN",
      .exercise_mark = std::string(exercise_mark_zh),
      .digits = {"零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"},
      .digit_separator = "",
      .extension = "转",
      .pause = "，",
      .alert = {zh_headline, zh_body, zh_speech},
      .update = {std::string("更新：") + zh_headline, std::string("信息有更新。") + zh_body,
                 std::string("信息有更新。") + zh_speech},
      .close = {"寻找失踪儿童通告已结束",
                "该寻找失踪儿童通告已结束。请立即停止展示和转发，并删除已保存的儿童信息与照片。",
                "寻找失踪儿童通告已结束，请停止播出。"},
      .retract = {"寻找失踪儿童通告已撤回",
                  "该寻找失踪儿童通告已撤回，请勿采信。请立即停止展示和转发，并删除已保存的儿童信息与照片。",
                  "寻找失踪儿童通告已撤回，请停止播出。"},
  };
}

LanguageTemplates english() {
  return {
      .language = "en",
      .exercise_mark = std::string(exercise_mark_en),
      .digits = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"},
      .digit_separator = " ",
      .extension = "extension",
      .pause = ", ",
      .alert = {en_headline, en_body, en_speech},
      .update = {std::string("Update: ") + en_headline, std::string("There is new information.\n") + en_body,
                 std::string("There is new information. ") + en_speech},
      .close = {"Missing child notice ended",
                "This missing child notice has ended. Stop showing and sharing it now, and delete the child's "
                "information and photo.",
                "The missing child notice has ended. Please stop broadcasting it."},
      .retract =
          {"Missing child notice withdrawn",
           "This missing child notice has been withdrawn; do not rely on it. Stop showing and sharing it now, "
           "and delete the child's information and photo.",
           "The missing child notice has been withdrawn. Please stop broadcasting it."},
  };
}

}  // namespace

NoticeTemplates default_templates() {
  return {{chinese(), english()}};
}

}  // namespace tuanyuan::core
