/** Between two messages that are measured, those that arrive are answered. */
export const giveOthersATurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })
