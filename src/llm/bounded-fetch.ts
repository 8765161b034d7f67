/** Most bytes of an answer that are read. */
const maxBytes = 1_048_576

/** An answer was larger than anything that could be one. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`the answer is larger than ${String(maxBytes)} bytes`)
    this.name = 'AnswerTooLarge'
  }
}

const bounded = (body: ReadableStream<Uint8Array>, tooLarge: () => void): ReadableStream<Uint8Array> => {
  let bytes = 0
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength
        if (bytes <= maxBytes) {
          controller.enqueue(chunk)
          return
        }
        tooLarge()
        controller.error(new AnswerTooLarge())
      },
    }),
  )
}

/**
 * `fetch` for one call: it follows no redirect, so that neither key nor material goes where the operator did not send them,
 * and reads a megabyte at most. `tooLarge` is told of more: what wraps the error may hide it.
 */
export const boundedFetch =
  (tooLarge: () => void): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error' })
    if (response.body === null) return response
    return new Response(bounded(response.body, tooLarge), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }
