/**
 * Asks until the answer is something.
 * @param what named in the message when time is up.
 * @throws Error when there is no answer within `timeout` milliseconds.
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeout = 20_000,
  interval = 100,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeout / 1000} s for ${what}.`);
    await new Promise(resolve => setTimeout(resolve, interval));
  }
}
