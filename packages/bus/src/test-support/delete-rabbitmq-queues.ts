import { connect } from 'amqplib';
import type { TopicGroups } from '../bus.ts';
import { Names, topics } from '../rabbitmq/names.ts';

/** What a bus of this name left behind: RabbitMQ has a file open for each quorum queue, and may often open no more than 1024. */
export async function deleteRabbitmqQueues(
  url: string,
  name: string,
  { groups, partitions }: { groups: TopicGroups; partitions: number },
): Promise<void> {
  const names = new Names(name);
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const places = topics.flatMap((topic) =>
    groups[topic].flatMap((group) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, group, partition })),
    ),
  );
  const queues = [
    ...places.map((place) => names.queue(place)),
    ...topics.flatMap((topic) => groups[topic].map((group) => names.register(`assignment/${topic}/${group}`))),
    names.dead,
    names.partitions,
  ];
  for (const queue of queues) await channel.deleteQueue(queue);
  await connection.close();
}
