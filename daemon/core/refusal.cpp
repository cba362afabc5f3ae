#include "core/refusal.hpp"

#include <array>
#include <cstddef>

namespace tuanyuan::core {
namespace {

struct Row {
  Errc code;
  std::string_view name;
  int status;
  std::string_view zh;
  std::string_view en;
};

constexpr std::array rows{
    Row{Errc::unauthenticated, "unauthenticated", 401, "需要有效的客户端证书", "a valid client certificate is required"},
    Row{Errc::forbidden, "forbidden", 403, "该证书的角色或辖区不允许此操作",
        "the certificate's role or division does not allow this"},
    Row{Errc::not_found, "not-found", 404, "没有此项", "there is no such thing"},
    Row{Errc::conflict, "conflict", 409, "当前状态不允许此操作", "the current state does not allow this"},
    Row{Errc::duplicate_report, "duplicate-report", 409, "该报告与另一份报告疑似同一儿童，须先核对",
        "the report is linked to another that has to be reviewed first"},
    Row{Errc::stale_preview, "stale-preview", 409, "预览之后情况已变化，请重新预览",
        "things have changed since the preview; preview again"},
    Row{Errc::stale_revision, "stale-revision", 409, "警情已是另一版本，请核对后再提交",
        "the alert has another revision by now; look at it, then send again"},
    Row{Errc::idempotency_reused, "idempotency-key-reused", 409, "同一幂等键用于不同的请求内容",
        "the idempotency key was used with another body"},
    Row{Errc::malformed, "malformed", 400, "请求无法解析", "the request cannot be parsed"},
    Row{Errc::invalid, "invalid-fields", 422, "有字段不符合要求", "some fields are wrong"},
    Row{Errc::too_large, "too-large", 413, "请求过大", "the request is too large"},
    Row{Errc::unsupported_media, "unsupported-media-type", 415, "不支持的内容类型", "the media type is not supported"},
    Row{Errc::unavailable, "unavailable", 503, "暂时无法保存，请重试", "it cannot be committed now; repeat the request"},
    Row{Errc::overloaded, "overloaded", 503, "已达上限，请稍后重试", "a limit is reached; repeat later"},
};

const Row& row_of(Errc code) {
  for (const Row& row : rows) {
    if (row.code == code) {
      return row;
    }
  }
  throw std::logic_error("an error code without a row");
}

}  // namespace

std::string_view problem_name(Errc code) { return row_of(code).name; }

int http_status(Errc code) { return row_of(code).status; }

Text problem_title(Errc code) {
  const Row& row = row_of(code);
  return {std::string(row.zh), std::string(row.en)};
}

}  // namespace tuanyuan::core
