<?php
/**
 * Plugin Name: Consult contact
 * Description: The contact block of your advisers as a block and as the short code [consult_contact page="polarisatie"].
 * Version: 1.0.0
 * Requires at least: 6.3
 * Requires PHP: 7.4
 * License: EUPL-1.2
 *
 * Writes the two lines of docs/embedding.md and nothing else: it fetches nothing, stores only the address of the
 * installation, and its output is the same for every visitor, so a page cache may keep it.
 */

defined( 'ABSPATH' ) || exit;

const CONSULT_CONTACT_OPTION = 'consult_contact_address';

/** An https address without a slash at the end; empty for anything else. Plain http is for a try-out on this machine. */
function consult_contact_clean_address( $typed ) {
	$address = untrailingslashit( esc_url_raw( trim( (string) $typed ), array( 'https', 'http' ) ) );
	$parts   = wp_parse_url( $address );
	if ( empty( $parts['host'] ) || empty( $parts['scheme'] ) ) {
		return '';
	}
	$here = in_array( $parts['host'], array( 'localhost', '127.0.0.1' ), true );
	return 'https' === $parts['scheme'] || $here ? $address : '';
}

/** The element with its link; nothing as long as no address is set or no page is named. */
function consult_contact_render( $attributes ) {
	$given   = shortcode_atts(
		array(
			'page'     => '',
			'text'     => __( 'Stel uw vraag', 'consult-contact' ),
			'language' => '',
		),
		is_array( $attributes ) ? $attributes : array(),
		'consult_contact'
	);
	$address = consult_contact_clean_address( get_option( CONSULT_CONTACT_OPTION, '' ) );
	$page    = sanitize_title( $given['page'] );
	if ( '' === $address || '' === $page ) {
		return '';
	}
	wp_enqueue_script(
		'consult-contact',
		$address . '/embed.js',
		array(),
		null, // The script has a short life of its own in caches.
		array( 'strategy' => 'async' )
	);
	$language = in_array( $given['language'], array( 'nl', 'en' ), true )
		? sprintf( ' language="%s"', esc_attr( $given['language'] ) )
		: '';
	return sprintf(
		'<consult-contact page="%1$s"%2$s><a href="%3$s">%4$s</a></consult-contact>',
		esc_attr( $page ),
		$language,
		esc_url( $address . '/p/' . rawurlencode( $page ) ),
		esc_html( $given['text'] )
	);
}

add_action(
	'init',
	function () {
		add_shortcode( 'consult_contact', 'consult_contact_render' );
		wp_register_script(
			'consult-contact-editor',
			plugins_url( 'editor.js', __FILE__ ),
			array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components' ),
			'1.0.0',
			true
		);
		register_block_type( __DIR__, array( 'render_callback' => 'consult_contact_render' ) );
	}
);

add_action(
	'admin_init',
	function () {
		register_setting(
			'general',
			CONSULT_CONTACT_OPTION,
			array(
				'type'              => 'string',
				'default'           => '',
				'sanitize_callback' => 'consult_contact_clean_address',
			)
		);
		add_settings_field(
			CONSULT_CONTACT_OPTION,
			esc_html__( 'Adres van de contactpagina’s', 'consult-contact' ),
			function () {
				printf(
					'<input type="url" id="%1$s" name="%1$s" value="%2$s" class="regular-text code" placeholder="https://contact.bureau.example">',
					esc_attr( CONSULT_CONTACT_OPTION ),
					esc_attr( get_option( CONSULT_CONTACT_OPTION, '' ) )
				);
			},
			'general',
			'default',
			array( 'label_for' => CONSULT_CONTACT_OPTION )
		);
	}
);
