/** Structured log: an event's facts first, its name last. Implementations mask personal data and secrets. */
export interface Logger {
  debug(facts: Record<string, unknown>, event: string): void
  info(facts: Record<string, unknown>, event: string): void
  warn(facts: Record<string, unknown>, event: string): void
  error(facts: Record<string, unknown>, event: string): void
  child(facts: Record<string, unknown>): Logger
}

/** A logger that drops everything. */
export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
}
