#include "app/toml_reader.hpp"

#include <algorithm>

namespace tuanyuan::app {

std::string TableReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void TableReader::refuse(std::string_view key, std::string message) {
  errors_.push_back({path_of(key), std::move(message)});
}

const toml::node* TableReader::take(std::string_view key) {
  known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void TableReader::text(std::string_view key, std::string& value) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  if (const auto text = node->value_exact<std::string>()) {
    value = *text;
  } else {
    refuse(key, "must be a text");
  }
}

void TableReader::flag(std::string_view key, bool& value) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  if (const auto flag = node->value_exact<bool>()) {
    value = *flag;
  } else {
    refuse(key, "must be true or false");
  }
}

void TableReader::number(std::string_view key, std::int64_t least, std::int64_t most,
                         const std::function<void(std::int64_t)>& take_value) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  const auto number = node->value_exact<std::int64_t>();
  if (!number || *number < least || *number > most) {
    refuse(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return;
  }
  take_value(*number);
}

void TableReader::real(std::string_view key, double least, double most, double& value) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  const auto number = node->value<double>();
  if (!number || *number < least || *number > most) {
    refuse(key, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
    return;
  }
  value = *number;
}

void TableReader::texts(std::string_view key, const std::function<bool(const std::string&)>& take_value) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    refuse(key, "must be a list of texts");
    return;
  }
  for (std::size_t index = 0; index < array->size(); ++index) {
    const auto text = array->get(index)->value_exact<std::string>();
    if (!text || !take_value(*text)) {
      refuse(std::string(key) + "[" + std::to_string(index) + "]", "is not one of the known values");
    }
  }
}

void TableReader::table(std::string_view key, const std::function<void(TableReader&)>& read) {
  const toml::node* node = take(key);
  const toml::table* inner = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && inner == nullptr) {
    refuse(key, "must be a table");
    return;
  }
  TableReader reader(inner, path_of(key), errors_);
  read(reader);
  reader.finish();
}

void TableReader::tables(std::string_view key, const std::function<void(TableReader&)>& read) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return;
  }
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    refuse(key, "must be a list of tables");
    return;
  }
  for (std::size_t index = 0; index < array->size(); ++index) {
    const std::string name = std::string(key) + "[" + std::to_string(index) + "]";
    const toml::table* inner = array->get(index)->as_table();
    if (inner == nullptr) {
      refuse(name, "must be a table");
      continue;
    }
    TableReader reader(inner, path_of(name), errors_);
    read(reader);
    reader.finish();
  }
}

void TableReader::finish() {
  if (table_ == nullptr) {
    return;
  }
  for (const auto& [key, node] : *table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) == known_.end()) {
      refuse(key.str(), "is not a known key");
    }
  }
}

}  // namespace tuanyuan::app
