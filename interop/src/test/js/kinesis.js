// Calls and subscriptions with the client's default settings but one: without retries, each lost answer is seen.
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';

const [endpoint, calls, subscriptions] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const AT_ONCE = 10;
const StreamName = 'orders';
const client = new KinesisClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'anybody', secretAccessKey: 'anything' },
  maxAttempts: 1,
});
let lost = 0;

async function check(what, promise) {
  try {
    await promise;
  } catch (error) {
    lost++;
    console.error(what, error);
  }
}

async function put(number) {
  const answer = await client.send(
    new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from(`record ${number}`) }),
  );
  if (!answer.SequenceNumber) {
    throw new Error('an empty answer');
  }
}

async function list() {
  const answer = await client.send(new ListStreamsCommand({}));
  if (!answer.StreamNames.includes(StreamName)) {
    throw new Error('an empty answer');
  }
}

async function caller(first) {
  for (let number = first; number < calls; number += AT_ONCE) {
    await check(`call ${number}`, number % 2 === 0 ? put(number) : list());
  }
}

// Reads all records from the beginning, and then one that is put while the subscription waits.
async function subscribe(StreamARN, number) {
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: `consumer-${number}` }),
  );
  const { EventStream } = await client.send(
    new SubscribeToShardCommand({
      ConsumerARN: Consumer.ConsumerARN,
      ShardId: 'shardId-000000000000',
      StartingPosition: { Type: 'TRIM_HORIZON' },
    }),
  );
  const late = `late ${number}`;
  let received = 0;
  for await (const event of EventStream) {
    for (const record of event.SubscribeToShardEvent.Records) {
      received++;
      if (Buffer.from(record.Data).toString() === late) {
        return;
      }
    }
    if (received >= calls / 2) {
      received = -Infinity;
      await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from(late) }));
    }
  }
  throw new Error('the subscription ended early');
}

const numbers = (count) => Array.from({ length: count }, (_, number) => number);
await Promise.all(numbers(AT_ONCE).map(caller));
const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
await Promise.all(
  numbers(subscriptions).map((number) =>
    check(`subscription ${number}`, subscribe(StreamDescriptionSummary.StreamARN, number)),
  ),
);
console.log(`calls ${calls} subscriptions ${subscriptions} lost ${lost}`);
process.exit(lost === 0 ? 0 : 1);
