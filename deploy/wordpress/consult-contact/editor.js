/*
 * The block in the editor: two fields. What visitors see is made in consult-contact.php.
 */
(({ blocks, element, blockEditor, components }) => {
  const create = element.createElement;
  const field = (label, name, { attributes, setAttributes }) =>
    create(components.TextControl, {
      label,
      value: attributes[name],
      onChange: (value) => setAttributes({ [name]: value }),
    });

  blocks.registerBlockType("consult/contact", {
    edit: (block) =>
      create(
        "div",
        blockEditor.useBlockProps(),
        field("Contactpagina (laatste deel van het adres)", "page", block),
        field("Tekst van de link", "text", block),
      ),
    save: () => null,
  });
})(window.wp);
