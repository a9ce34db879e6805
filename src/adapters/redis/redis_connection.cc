#include "adapters/redis/redis_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "adapters/redis/redis_commands.h"

namespace lernd {
namespace {

timeval timeval_of(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_usec = std::chrono::microseconds(duration - seconds).count()};
}

bool is_timeout(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ETIMEDOUT; }

std::unexpected<Error> timed_out(const std::string& name) {
  return fail(Treatment::retry, ErrorCode::timed_out, fmt::format("{} did not answer in time", name));
}

/// `error` is `errno` as the library left it; it counts only for its input and output errors.
std::unexpected<Error> lost(const redisContext& context, int error, const std::string& name) {
  if (context.err == REDIS_ERR_IO && is_timeout(error)) return timed_out(name);
  const std::string_view why = context.err == REDIS_ERR_IO ? std::strerror(error) : context.errstr;
  return fail(Treatment::retry, ErrorCode::unavailable, fmt::format("{}: connection lost ({})", name, why));
}

std::unexpected<Error> not_connected(const redisContext* context, int error, const std::string& name) {
  if (context != nullptr && context->err == REDIS_ERR_IO && is_timeout(error)) {
    return fail(Treatment::retry, ErrorCode::timed_out, fmt::format("{}: no connection in time", name));
  }
  return fail(Treatment::retry, ErrorCode::unavailable,
              fmt::format("{}: no connection ({})", name, context == nullptr ? "out of memory" : static_cast<const char*>(context->errstr)));
}

}  // namespace

Result<RedisConnection> RedisConnection::open(const CacheId& id, const RedisEndpoint& endpoint, const RedisOptions& options) {
  std::string name = fmt::format("redis at {}:{}, database {}", endpoint.host, endpoint.port, id.database);
  const std::string place = fmt::format("{} (options {}.host, {}.port)", name, id.endpoint, id.endpoint);
  errno = 0;
  Context context(redisConnectWithTimeout(endpoint.host.c_str(), endpoint.port, timeval_of(options.connect_timeout)));
  if (!context || context->err != 0) return not_connected(context.get(), errno, place);
  if (redisSetTimeout(context.get(), timeval_of(options.request_timeout)) != REDIS_OK || fcntl(context->fd, F_SETFD, FD_CLOEXEC) != 0) {
    return not_connected(context.get(), errno, place);
  }
  redisEnableKeepAlive(context.get());
  RedisConnection connection(std::move(context), {.name = std::move(name), .endpoint = id.endpoint});
  if (auto ready = connection.prepare(endpoint, id.database); !ready) return std::unexpected(std::move(ready.error()));
  return connection;
}

Result<void> RedisConnection::prepare(const RedisEndpoint& endpoint, int database) {
  RedisCommands commands;
  if (!endpoint.user.empty()) {
    commands.add({"AUTH", endpoint.user, endpoint.password});
  } else if (!endpoint.password.empty()) {
    commands.add({"AUTH", endpoint.password});
  }
  commands.add({"SELECT", fmt::to_string(database)});
  if (auto sent = send(commands.bytes()); !sent) return sent;
  for (std::size_t i = 0; i < commands.count(); ++i) {
    const auto answer = reply();
    if (!answer) return std::unexpected(answer.error());
    if ((*answer)->type == REDIS_REPLY_ERROR) return std::unexpected(redis_error({(*answer)->str, (*answer)->len}, server_));
  }
  return {};
}

bool RedisConnection::stale() const {
  pollfd waiting{.fd = context_->fd, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, 0) != 0;
}

Result<void> RedisConnection::send(std::string_view bytes) {
  // Not the library's own buffer: it writes with write(2), so a server that is gone would raise SIGPIPE.
  while (!bytes.empty()) {
    const auto written = ::send(context_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      const int error = errno;
      if (is_timeout(error)) return timed_out(server_.name);
      return fail(Treatment::retry, ErrorCode::unavailable, fmt::format("{}: connection lost ({})", server_.name, std::strerror(error)));
    }
  }
  return {};
}

Result<RedisReply> RedisConnection::reply() {
  void* reply = nullptr;
  errno = 0;
  if (redisGetReply(context_.get(), &reply) != REDIS_OK) return lost(*context_, errno, server_.name);
  return RedisReply(static_cast<redisReply*>(reply));
}

}  // namespace lernd
