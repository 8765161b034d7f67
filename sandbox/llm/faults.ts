/** Every way in which the simulated provider gives no answer that stands. */
export const failingFaults = [
  /** Takes the request and says nothing. */
  'hang',
  /** Says one blank every now and then, for ever. */
  'trickle',
  /** 429, with Retry-After unless told otherwise. */
  'rate_limited',
  /** 500; the body echoes the key, as some providers' do. */
  'broken',
  /** 401; the body echoes the key. */
  'unauthorized',
  /** Answers half and closes the connection. */
  'cut',
  /** Answers half and ends as if that were all. */
  'early_end',
  /** Closes the connection at once. */
  'reset',
  /** Answers with no text. */
  'empty',
  /** 200 without a body. */
  'no_body',
  /** A body that never ends, from the first megabyte on. */
  'huge',
  /** A body that is no JSON. */
  'bad_body',
  /** An answer that is no JSON where one was wanted. */
  'prose',
  /** JSON of another shape than was wanted. */
  'wrong_schema',
  /** An answer that was cut at its greatest length. */
  'too_long',
  /** The provider's filter takes the answer away. */
  'filtered',
  /** Sends the client elsewhere. */
  'redirect',
] as const

/** Every way in which it gives a good answer and does not say what that cost. */
export const usageFaults = [
  /** Nothing is said of it. */
  'no_usage',
  /** What no count can be. */
  'strange_usage',
] as const

/** Every way in which the simulated provider misbehaves. */
export type LlmFault = (typeof failingFaults)[number] | (typeof usageFaults)[number]

/** Faults of the answer, not of the transport: the body is well-formed, what stands in it is not. */
export const textUnder = (fault: LlmFault | undefined, text: string): string => {
  switch (fault) {
    case 'empty':
    case 'filtered':
      return ''
    case 'prose':
      return 'Sure! Here is what you asked for.'
    case 'wrong_schema':
      return '{"something":["else"]}'
    case 'too_long':
      return text.slice(0, Math.floor(text.length / 2))
    default:
      return text
  }
}
