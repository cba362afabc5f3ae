#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::http::test {

/// Checks a JSON value against the part of JSON Schema that the API's document uses, and says every place that
/// does not fit. Stricter than the standard: a member that the schema does not list is an error, and so is a
/// keyword that this checker does not know.
class SchemaCheck {
 public:
  explicit SchemaCheck(const boost::json::value& document) : document_(document) {}

  std::vector<std::string> operator()(const boost::json::object& schema, const boost::json::value& value);

 private:
  void check(const boost::json::object& schema, const boost::json::value& value, const std::string& at);
  void check_object(const boost::json::object& schema, const boost::json::object& value, const std::string& at);
  void check_number(const boost::json::object& schema, double value, const std::string& at);
  void check_text(const boost::json::object& schema, std::string_view value, const std::string& at);
  void wrong(const std::string& at, std::string_view why) { found_.push_back(at + ": " + std::string(why)); }

  const boost::json::value& document_;
  std::vector<std::string> found_;
};

}  // namespace tuanyuan::http::test
