/** Runs tasks one after another. */
export interface Serial {
  /** Tasks that have not finished yet. */
  readonly waiting: number
  /** Queues a task. One that throws is reported, and the next one runs. */
  add(task: () => Promise<void>): void
}

/** An unbounded queue; who feeds it from outside looks at `waiting` first. */
export const createSerial = (onFault: (error: unknown) => void): Serial => {
  let waiting = 0
  let last = Promise.resolve()
  return {
    get waiting() {
      return waiting
    },
    add(task) {
      waiting += 1
      last = last
        .then(task)
        .catch(onFault)
        .finally(() => {
          waiting -= 1
        })
    },
  }
}
