/** AMR headers and the frame that means "nothing to hear" (RFC 4867, frame type 15), one for every 20 ms. */
const headers = { narrow: '#!AMR\n', wide: '#!AMR-WB\n' } as const
const emptyFrame = 0x7c
const frameMs = 20

/** A valid, silent AMR recording: `narrow` is 8 kHz (MediaId), `wide` 16 kHz (MediaId16K). */
export const silentVoice = (durationMs: number, band: keyof typeof headers): Buffer =>
  Buffer.concat([Buffer.from(headers[band]), Buffer.alloc(Math.ceil(durationMs / frameMs), emptyFrame)])
