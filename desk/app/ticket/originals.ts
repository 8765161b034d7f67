import { create } from 'zustand'

interface Looks {
  readonly isOpen: boolean
  /** Whether pictures of other servers are shown, too. */
  readonly pictures: boolean
}

const closed: Looks = { isOpen: false, pictures: false }

/**
 * How mails are looked at, by message, while the window lives: what an agent opened stays so when its row leaves the screen
 * and comes back.
 */
const useOriginals = create<Readonly<Record<string, Looks>>>(() => ({}))

/** How the original of a message is looked at, and how that is changed. */
export const useOriginal = (messageId: string) => ({
  looks: useOriginals((all) => all[messageId] ?? closed),
  look: (looks: Looks): void => {
    useOriginals.setState({ [messageId]: looks })
  },
})

/** Whether the original of a message is open, of all messages. */
export const useOpenOriginals = (): ((messageId: string) => boolean) => {
  const all = useOriginals()
  return (messageId) => all[messageId]?.isOpen === true
}
