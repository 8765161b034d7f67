/** Two short tones. Made here, so that nothing has to be fetched. */
export const ring = (): void => {
  const audio = new AudioContext()
  const volume = new GainNode(audio, { gain: 0.08 })
  volume.connect(audio.destination)
  for (const [at, frequency] of [
    [0, 880],
    [0.16, 1_175],
  ] as const) {
    const tone = new OscillatorNode(audio, { frequency })
    tone.connect(volume)
    tone.start(audio.currentTime + at)
    tone.stop(audio.currentTime + at + 0.12)
  }
  setTimeout(() => void audio.close(), 1_000)
}
