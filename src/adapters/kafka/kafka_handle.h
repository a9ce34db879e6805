#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace lernd {

/// Frees a handle of librdkafka with the function that belongs to it.
template <auto destroy>
struct KafkaDestroy {
  void operator()(auto* handle) const { destroy(handle); }
};

template <class T, auto destroy>
using KafkaHandle = std::unique_ptr<T, KafkaDestroy<destroy>>;

/// `rd_kafka_new` takes a configuration over only when it succeeds.
using ConfHandle = KafkaHandle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using MessageHandle = KafkaHandle<rd_kafka_message_t, rd_kafka_message_destroy>;
using EventHandle = KafkaHandle<rd_kafka_event_t, rd_kafka_event_destroy>;
/// To be destroyed before the consumer it belongs to is closed.
using QueueHandle = KafkaHandle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using TopicHandle = KafkaHandle<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using PartitionsHandle = KafkaHandle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using MetadataHandle = KafkaHandle<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using GroupMetadataHandle = KafkaHandle<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>;
/// Null means success.
using ErrorHandle = KafkaHandle<rd_kafka_error_t, rd_kafka_error_destroy>;
/// `rd_kafka_produceva` takes headers over only when it succeeds.
using HeadersHandle = KafkaHandle<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using NewTopicHandle = KafkaHandle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using DeleteTopicHandle = KafkaHandle<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using AdminOptionsHandle = KafkaHandle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

}  // namespace lernd
