/** Samples of 16 bits, one line, as a file that every browser plays. */
export const wavOfSamples = (samples: Uint8Array, sampleRate: number): Uint8Array<ArrayBuffer> => {
  const file = Buffer.from(new ArrayBuffer(44 + samples.length))
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(36 + samples.length, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  // 16 bytes about plain samples (1) of one line, 16 bits each.
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length, 40)
  file.set(samples, 44)
  return file
}
