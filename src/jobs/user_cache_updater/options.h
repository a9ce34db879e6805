#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/ask.h"
#include "core/job_description.h"
#include "core/options.h"

namespace lernd::user_cache_updater {

/// Which fields the framework of a user gives: `bmgs` has board, medium, grade and subject, `categories` one for each category of the framework.
enum class Layout { bmgs, categories };

/// What an operator can set, resolved. Meanings, defaults and units: `option_table`.
struct Options {
  Layout layout = Layout::bmgs;
  CacheId users;
  std::chrono::seconds expiry{0};  ///< 0: none
  std::string producer;
  std::vector<std::string> self_sign_ups;
  std::string self_signed_in;
  std::vector<std::string> validated_sign_ups;
  std::string validated;
  std::string read_fields;
  std::vector<std::string> blocked_codes;  ///< response codes with which a blocked account may be told of
  std::string user_url;                    ///< the id of a user is appended
  std::string framework_url;               ///< the id of a framework is appended
  std::vector<std::string> removable;
};

/// The job's rows of the option table. Source: user-cache-updater.md section 8.
std::vector<Option> option_table();

/// Addresses that lack what they stand behind.
std::vector<OptionFault> check(const OptionValues& values);

Options options_from(const OptionValues& values);

/// The services that are called with these values, by the options that say where they are.
std::vector<ServiceUse> services(const OptionValues& values);

}  // namespace lernd::user_cache_updater
