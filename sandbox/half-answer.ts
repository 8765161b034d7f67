/** An answer that breaks off in the middle of its body, as when a machine on the way dies; the call has taken effect. */
export const halfAnswer = (body: string, contentType = 'application/json'): Response => {
  const half = new TextEncoder().encode(body.slice(0, Math.max(1, Math.floor(body.length / 2))))
  let isSent = false
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (isSent) {
        controller.error(new Error('broken off'))
        return
      }
      isSent = true
      controller.enqueue(half)
    },
  })
  return new Response(stream, { headers: { 'content-type': contentType } })
}
