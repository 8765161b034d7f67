/* global document */

const $ = (id) => document.getElementById(id)

/** The ways a file gets in: the button, paste, and drag. `take` is called with each file. */
export const listenForFiles = (take) => {
  const takeAll = (list) => [...list].forEach(take)
  $('attach').addEventListener('click', () => $('file').click())
  $('file').addEventListener('change', () => {
    takeAll($('file').files)
    // The same file may be chosen again.
    $('file').value = ''
  })
  $('text').addEventListener('paste', (event) => {
    const { files } = event.clipboardData
    if (files.length === 0) return
    event.preventDefault()
    takeAll(files)
  })
  const chat = document.querySelector('.chat')
  const isFiles = (event) => event.dataTransfer.types.includes('Files')
  chat.addEventListener('dragover', (event) => {
    if (!isFiles(event)) return
    event.preventDefault()
    chat.classList.add('is-target')
  })
  chat.addEventListener('dragleave', (event) => {
    if (!chat.contains(event.relatedTarget)) chat.classList.remove('is-target')
  })
  chat.addEventListener('drop', (event) => {
    if (!isFiles(event)) return
    event.preventDefault()
    chat.classList.remove('is-target')
    takeAll(event.dataTransfer.files)
  })
}
